// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.Stores;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.wire.AoeAddress;

/** Ours: the real port, target and store in the loop that a worker runs, on a thread of its own. */
final class OurTarget extends Contender {
    private static final AoeAddress ADDRESS = new AoeAddress(Request.SHELF, Request.SLOT);
    private static final int BATCH = 64;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String interfaceName;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private EthernetPort port;
    private volatile boolean settled;
    private volatile boolean stopping;

    OurTarget(String interfaceName, String peerInterface) throws IOException {
        super("ours", peerInterface);
        this.interfaceName = interfaceName;
    }

    @Override
    void start(Export export) throws IOException {
        Counters counters = new Counters();
        port =
                new RingPorts()
                        .open(
                                PortOptions.forTarget(interfaceName, ADDRESS, BATCH, BATCH),
                                counters);
        BlockStore store =
                Stores.open(
                        export.image(), new StoreOptions(false, false, export.readOnly(), 0, 0));
        TargetSettings settings =
                new TargetSettings(
                        ADDRESS, export.bufferCount(), List.of(), new DiskIdentity("oracle", 1));
        AoeTarget target = new AoeTarget(settings, port, store, counters);
        Thread thread = new Thread(() -> run(target, store), "our-target");
        thread.start();
    }

    private void run(AoeTarget target, BlockStore store) {
        try (store;
                EthernetPort open = port) {
            target.announce();
            while (!stopping) {
                settled = false; // before receiving, so that a fence answered means a fresh value
                open.receive(target, BATCH);
                target.poll();
                target.flush();
                boolean idle = target.idle();
                settled = idle;
                open.await(idle ? -1 : POLL_NS);
            }
            ended.complete(null);
        } catch (IOException | RuntimeException | Error e) {
            ended.completeExceptionally(e);
        }
    }

    @Override
    boolean settled() {
        return settled;
    }

    @Override
    void stop() {
        if (port != null) {
            stopping = true;
            port.wakeUp();
            ended.join();
        }
    }
}
