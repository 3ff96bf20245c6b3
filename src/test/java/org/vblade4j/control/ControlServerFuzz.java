// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A whole server, and clients that a fuzzer plays: they say what they like, at once and in pieces,
 * and take no answers for a while. Another caller must be answered within a second meanwhile and
 * afterwards, and no thread may stay behind.
 */
public final class ControlServerFuzz {
    private static final int MAX_CLIENTS = 4;

    /** One more than the fuzzer's, for the caller that means well. */
    private static final ControlLimits LIMITS =
            new ControlLimits(MAX_CLIENTS + 1, 1000, Duration.ofMillis(20), Duration.ofSeconds(5));

    private static final long WITHIN_NS = TimeUnit.SECONDS.toNanos(1);

    /** A machine with other work is late by itself, but not so often in a row. */
    private static final int LATE_AT_MOST = 2;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final FakeOperations OPERATIONS = new FakeOperations();
    private static final Path SOCKET = serve();
    private static final int THREADS = warmedUp();

    private ControlServerFuzz() {}

    /** As long as the process lives. */
    private static Path serve() {
        try {
            Path directory = Files.createTempDirectory("control-fuzz");
            Path socket = directory.resolve("s");
            directory.toFile().deleteOnExit();
            directory.resolve("s.lock").toFile().deleteOnExit();
            socket.toFile().deleteOnExit();
            new ControlServer(socket, OPERATIONS, LIMITS).start();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int warmedUp() {
        try {
            answered("the first caller");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Thread.activeCount();
    }

    /** Called by the fuzzer; the first byte says among how many clients the rest is divided. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length == 0) {
            return;
        }
        int clients = 1 + (data[0] & MAX_CLIENTS - 1);
        int share = (data.length - 1 + clients - 1) / clients;
        List<SocketChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(SOCKET));
                channels.add(channel);
                int from = Math.min(data.length, 1 + i * share);
                say(channel, ByteBuffer.wrap(data, from, Math.min(share, data.length - from)));
            }
            answered("another caller meanwhile");
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
        answered("another caller afterwards");
        long startNs = System.nanoTime();
        while (Thread.activeCount() > THREADS) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "threads stay behind");
            Thread.onSpinWait();
        }
        OPERATIONS.calls.clear();
    }

    /** Without waiting: who takes no more has said enough. */
    private static void say(SocketChannel channel, ByteBuffer words) throws IOException {
        channel.configureBlocking(false);
        try {
            channel.write(words);
        } catch (IOException e) {
            channel.close(); // the server has hung up
        }
    }

    private static void answered(String who) throws IOException {
        for (int late = 0; late <= LATE_AT_MOST; late++) {
            long startNs = System.nanoTime();
            assertTrue(new ControlClient(SOCKET).call("ping").ok(), who);
            if (System.nanoTime() - startNs < WITHIN_NS) {
                return;
            }
        }
        throw new AssertionError(who + " is not answered within a second");
    }
}
