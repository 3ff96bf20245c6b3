// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vblade4j.store.BlockStore;

/** A store with a server on a Unix socket, and the thread that owns the store. */
final class ServedStore implements AutoCloseable {
    private final UnixDomainSocketAddress address;
    private final NbdServer server;
    private final Thread owner;
    private volatile boolean done;

    ServedStore(Path directory, BlockStore store, boolean readOnly) throws IOException {
        address = UnixDomainSocketAddress.of(directory.resolve("nbd"));
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(address);
        NbdExport export = new NbdExport("e1.1", "a test", readOnly, 4096);
        owner = new Thread(() -> work(store), "owner");
        server = new NbdServer(listener, export, store, () -> LockSupport.unpark(owner));
        server.start();
        owner.start();
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
