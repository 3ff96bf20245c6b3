// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.vblade4j.store.MemoryStore;

/**
 * A whole server on a real socket, and up to four clients that a fuzzer plays: each says what it
 * likes, takes no replies for a while, and then hangs up. Another client must be served within a
 * second meanwhile and afterwards.
 */
public final class NbdServerFuzz {
    private static final int SIZE_BYTES = 8 << 20;
    private static final int SHORT_BYTES = 4096;

    /** Longer than what lies in a client's own memory. */
    private static final int LONG_BYTES = 2 << 20;

    private static final long PATIENCE_S = 20;
    private static final long SERVED_WITHIN_MS = 1000;

    /** The processors may have other work for a second; for three in a row is a fault. */
    private static final int LATE_AT_MOST = 2;

    private static final int MAX_CLIENTS = 4;
    private static final int WINDOW_BYTES = 1 << 16;

    private static final ExecutorService THREADS =
            Executors.newCachedThreadPool(
                    work -> {
                        Thread thread = new Thread(work, "client");
                        thread.setDaemon(true);
                        return thread;
                    });

    private static final ServedStore WRITABLE = serve(false);
    private static final ServedStore READ_ONLY = serve(true);

    private NbdServerFuzz() {}

    /** As long as the process lives. */
    private static ServedStore serve(boolean readOnly) {
        try {
            Path directory = Files.createTempDirectory("nbd-fuzz");
            directory.toFile().deleteOnExit();
            directory.resolve("nbd").toFile().deleteOnExit();
            return new ServedStore(directory, MemoryStore.heap(SIZE_BYTES / 512), readOnly);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Called by the fuzzer; the lowest bit of the first byte makes the export read-only, the next
     * two say among how many clients the rest is divided.
     */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        if (data.length == 0) {
            return;
        }
        boolean readOnly = (data[0] & 1) != 0;
        ServedStore served = readOnly ? READ_ONLY : WRITABLE;
        List<SocketChannel> channels = new ArrayList<>();
        try {
            int clients = 1 + (data[0] >> 1 & MAX_CLIENTS - 1);
            int share = (data.length - 1 + clients - 1) / clients;
            for (int i = 0; i < clients; i++) {
                SocketChannel channel = SocketChannel.open(served.address());
                channels.add(channel);
                int from = Math.min(data.length, 1 + i * share);
                int to = Math.min(data.length, from + share);
                soon("the conversation does not go on", () -> say(channel, data, from, to));
            }
            served("another client is not served meanwhile", served, SHORT_BYTES);
            for (SocketChannel channel : channels) {
                soon("the conversation does not end", () -> hangUp(channel));
            }
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
        served("another client is not served afterwards", served, LONG_BYTES);
        served.log.clear();
    }

    private static void served(String otherwise, ServedStore served, int bytes) throws Exception {
        for (int late = 0; late <= LATE_AT_MOST; late++) {
            long startNs = System.nanoTime();
            soon(otherwise, () -> use(served, bytes));
            if (System.nanoTime() - startNs < TimeUnit.MILLISECONDS.toNanos(SERVED_WITHIN_MS)) {
                return;
            }
        }
        throw new AssertionError(otherwise + " within a second");
    }

    private static void soon(String otherwise, Callable<Void> deed) throws Exception {
        try {
            THREADS.submit(deed).get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(otherwise, e);
        }
    }

    private static Void say(SocketChannel channel, byte[] data, int from, int to) {
        try {
            Wire.writeFully(channel, ByteBuffer.wrap(data, from, to - from));
        } catch (IOException e) {
            return null; // the server has hung up
        }
        return null;
    }

    private static Void hangUp(SocketChannel channel) {
        ByteBuffer replies = ByteBuffer.allocate(WINDOW_BYTES);
        try {
            channel.shutdownOutput();
            while (channel.read(replies.clear()) >= 0) {
                replies.clear();
            }
        } catch (IOException e) {
            return null; // the server has hung up
        }
        return null;
    }

    private static Void use(ServedStore served, int bytes) throws IOException {
        try (NbdClient client = NbdClient.going(served.address(), true)) {
            assertEquals(bytes, client.read(512, bytes).length);
            client.request(0, Nbd.CMD_FLUSH, 9, 0, 0, new byte[0]);
            assertEquals(0, client.reply(0).error());
        }
        return null;
    }
}
