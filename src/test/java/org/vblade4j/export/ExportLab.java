// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreTraits;
import org.vblade4j.store.Stores;
import org.vblade4j.wire.AoeAddress;

/** An export on a network and a store in memory, and a client that asks it. */
@Timeout(60)
abstract class ExportLab {
    static final long CLIENT_MAC = 0x02_00_00_00_00_0aL;
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final long SILENCE_NS = 200_000_000L;
    static final AoeAddress ADDRESS = new AoeAddress(0, 1);

    @TempDir Path directory;
    final MemoryLan lan = new MemoryLan();
    final LanClient client =
            new LanClient(
                    lan.connect(
                            PortOptions.forInitiator("lan", 64, 64),
                            CLIENT_MAC,
                            1500,
                            new Counters()));
    final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    Export export;

    final Export.Listener listener =
            new Export.Listener() {
                @Override
                public void started(Export started) {
                    events.add("started on " + Thread.currentThread().getName());
                }

                @Override
                public void ended(Export ended, Throwable cause) {
                    events.add(cause == null ? "ended" : "ended by " + cause.getMessage());
                }
            };

    /** Does what the next one does, until told otherwise. */
    static class Wrapped implements BlockStore {
        final MemoryStore next = MemoryStore.heap(64);
        volatile String closedBy = "";

        @Override
        public long sectors() {
            return next.sectors();
        }

        @Override
        public StoreTraits traits() {
            return next.traits();
        }

        @Override
        public void submit(StoreRequest request) {
            next.submit(request);
        }

        @Override
        public void close() throws IOException {
            closedBy = Thread.currentThread().getName();
        }
    }

    static ExportSpec spec(String name, int slot, Path device) {
        return new ExportSpec(
                name,
                new AoeAddress(0, slot),
                "lan",
                device,
                ExportOptions.DEFAULTS,
                new Origin("test", 1));
    }

    Export start(ExportSpec spec, StoreOpener stores) {
        long mac = 0x02_00_00_00_01_00L + spec.address().slot();
        return Export.start(
                spec,
                stores,
                (options, counters) -> lan.connect(options, mac, 1500, counters),
                64,
                listener);
    }

    Export start(BlockStore store) throws InterruptedException {
        export = start(spec("a", 1, Path.of("/dev/a")), spec -> store);
        assertTrue(export.awaitStarted(PATIENCE));
        return export;
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (export != null) {
            export.stop();
            assertTrue(export.awaitEnded(PATIENCE));
        }
    }

    /** The first use of the C library starts a thread of JNA's, in the group it is called from. */
    @BeforeAll
    static void loadTheLibrary(@TempDir Path other) throws IOException {
        Path file = Files.write(other.resolve("disk"), new byte[512]);
        Stores.open(file, StoreOptions.DEFAULTS).close();
    }

    static void await(BooleanSupplier there) {
        long startNs = System.nanoTime();
        while (!there.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "in vain");
            Thread.onSpinWait();
        }
    }

    String waitingFor() {
        return export.status().orElseThrow().waitingFor();
    }
}
