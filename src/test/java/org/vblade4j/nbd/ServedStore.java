// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.vblade4j.store.BlockStore;

/** A store with a server on a Unix socket, and the thread that owns the store. */
final class ServedStore implements AutoCloseable {
    /** What clients caused to be logged. */
    final Queue<String> log = new ConcurrentLinkedQueue<>();

    private final SocketAddress address;
    private final NbdServer server;
    private final Thread owner;
    private volatile boolean done;

    ServedStore(Path directory, BlockStore store, boolean readOnly) throws IOException {
        this(onUnixSocket(directory), store, readOnly, System::nanoTime);
    }

    ServedStore(
            ServerSocketChannel listener, BlockStore store, boolean readOnly, LongSupplier clockNs)
            throws IOException {
        this(listener, NbdAccess.EVERYBODY, store, readOnly, clockNs);
    }

    ServedStore(
            ServerSocketChannel listener,
            NbdAccess access,
            BlockStore store,
            boolean readOnly,
            LongSupplier clockNs)
            throws IOException {
        address = listener.getLocalAddress();
        NbdExport export = new NbdExport("e1.1", "a test", readOnly, 4096);
        owner = new Thread(() -> work(store), "owner");
        Runnable wakeUp = () -> LockSupport.unpark(owner);
        server = new NbdServer(listener, export, access, store, wakeUp, clockNs, log::add);
        server.start();
        owner.start();
    }

    static ServerSocketChannel onUnixSocket(Path directory) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return listener.bind(UnixDomainSocketAddress.of(directory.resolve("nbd")));
    }

    private void work(BlockStore store) {
        while (!done) {
            if (server.poll() + store.poll() == 0 && server.mayWait()) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
            }
        }
    }

    SocketAddress address() {
        return address;
    }

    NbdServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
        done = true;
        try {
            owner.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
