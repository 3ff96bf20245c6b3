// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;

/**
 * Hostile clients of every kind at once, who come again when they are dropped, and an honest one
 * that comes, writes and reads.
 */
@Timeout(180)
class HostileClientsTest {
    private static final System.Logger LOG = System.getLogger(HostileClientsTest.class.getName());
    private static final int MIB = 1 << 20;
    private static final byte[] NONE = {};
    private static final long SERVED_WITHIN_NS = TimeUnit.SECONDS.toNanos(1);

    /** The threads of 188 hostile clients are on the same processors, and those may have others. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private static final int VISITS = 10;

    /** What the clients' memory, the replies' buffers and the zeros take at most, see Memory. */
    private static final long MEMORY_BYTES = (196L + 64 / 16 + 1) * MIB;

    @TempDir Path directory;

    private final MemoryStore store = MemoryStore.heap(40 * (MIB / 512));
    private final Queue<Closeable> open = new ConcurrentLinkedQueue<>();
    private final List<Thread> hostile = new ArrayList<>();
    private volatile boolean over;

    /** Comes again a second after it was dropped. */
    private void hostile(int count, ServedStore served, Callable<Closeable> visit) {
        for (int i = 0; i < count; i++) {
            Thread thread =
                    new Thread(
                            () -> {
                                while (!over) {
                                    visit(visit);
                                }
                            },
                            "hostile");
            thread.setDaemon(true);
            thread.start();
            hostile.add(thread);
        }
        assertTrue(served.server().clients() <= Places.MAX_CLIENTS);
    }

    private void visit(Callable<Closeable> visit) {
        try (Closeable client = visit.call()) {
            open.add(client);
            while (!over && isOpen(client)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            open.remove(client);
        } catch (Exception e) {
            assertTrue(e instanceof IOException, e.toString()); // it was refused or dropped
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }

    /** A client who waits for the end of what it sends nothing more to. */
    private static boolean isOpen(Closeable client) throws IOException {
        return client instanceof NbdClient there ? !there.atEndNow() : client != null;
    }

    private static NbdClient writer(ServedStore served, int length) throws IOException {
        NbdClient client = NbdClient.going(served.address(), true);
        client.request(0, Nbd.CMD_WRITE, 1, 0, length, new byte[1000]);
        return client;
    }

    private static NbdClient reader(ServedStore served, int length) throws IOException {
        NbdClient client = NbdClient.going(served.address(), length % 2 == 0);
        for (int i = 0; i < 40; i++) {
            client.request(0, Nbd.CMD_READ, i, 0, length, NONE);
        }
        return client;
    }

    private static NbdClient flusher(ServedStore served) throws IOException {
        NbdClient client = NbdClient.going(served.address(), true);
        client.request(0, Nbd.CMD_FLUSH, 7, 0, 100 * MIB, NONE);
        client.request(0, Nbd.CMD_FLUSH, 8, 0, 0xf000_0000, NONE);
        return client;
    }

    private void manyAtTheSamePlace(NbdClient client) throws IOException {
        for (int i = 0; i < 128; i++) {
            client.request(0, Nbd.CMD_WRITE_ZEROES, i, 30L * MIB, MIB, NONE);
        }
    }

    /** A visit of an honest client; returns how long it took, refusals included. */
    private long honestVisitNs(ServedStore served, long seed) throws IOException {
        byte[] data = Patterns.random(seed, 64 << 10);
        long startNs = System.nanoTime();
        IOException last = null;
        while (System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(30)) {
            try (NbdClient client = NbdClient.going(served.address(), true)) {
                client.request(0, Nbd.CMD_WRITE, seed, 35L * MIB, data.length, data);
                assertEquals(0, client.reply(0).error());
                assertArrayEquals(data, client.read(35L * MIB, data.length));
                return System.nanoTime() - startNs;
            } catch (IOException e) {
                last = e; // no place
            }
        }
        throw new AssertionError("not served", last);
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void anHonestClientIsServedWithinASecondAllTheWhile() throws Exception {
        long beforeBytes = directBytes();
        try (ServedStore served = new ServedStore(directory, store, false)) {
            try (NbdClient resident = NbdClient.going(served.address(), true)) {
                for (int i = 0; i < 1000; i++) {
                    assertEquals(512, resident.read(0, 512).length);
                }
                hostile(64, served, () -> SocketChannel.open(served.address()));
                hostile(64, served, () -> NbdClient.going(served.address(), true));
                hostile(16, served, () -> writer(served, 32 * MIB));
                hostile(16, served, () -> writer(served, 4096));
                hostile(8, served, () -> reader(served, 3 * MIB));
                hostile(8, served, () -> reader(served, 3 * MIB + 1));
                hostile(8, served, () -> flusher(served));
                hostile(
                        4,
                        served,
                        () -> {
                            NbdClient client = NbdClient.going(served.address(), true);
                            manyAtTheSamePlace(client);
                            return client;
                        });
                List<Long> visits = new ArrayList<>();
                for (int visit = 0; visit < VISITS; visit++) {
                    visits.add(honestVisitNs(served, visit));
                    long startNs = System.nanoTime();
                    assertEquals(512, resident.read(0, 512).length);
                    visits.add(System.nanoTime() - startNs);
                }
                Collections.sort(visits);
                long usualNs = visits.get(visits.size() * 3 / 4);
                long worstNs = visits.get(visits.size() - 1);
                long usedBytes = directBytes() - beforeBytes;
                over = true;
                LOG.log(
                        Level.INFO,
                        "honest clients: "
                                + usualNs / 1_000_000
                                + " ms, at worst "
                                + worstNs / 1_000_000
                                + " ms; memory "
                                + usedBytes / MIB
                                + " MiB; log: "
                                + served.log);
                assertTrue(usualNs < SERVED_WITHIN_NS, usualNs / 1_000_000 + " ms");
                assertTrue(worstNs < PATIENCE_NS, worstNs / 1_000_000 + " ms");
                assertTrue(usedBytes < MEMORY_BYTES, usedBytes / MIB + " MiB");
                assertTrue(served.log.size() <= 2, served.log.toString());
            }
        } finally {
            over = true;
            for (Closeable client : open) {
                client.close();
            }
        }
    }

    /** What a command costs does not grow with the square of those that wait. */
    @Test
    void whoHasManyRequestsWaitForEachOtherDoesNotKeepTheDiskBusy() throws Exception {
        try (ServedStore served = new ServedStore(directory, store, false)) {
            for (int i = 0; i < 40; i++) {
                NbdClient client = NbdClient.going(served.address(), true);
                open.add(client);
                manyAtTheSamePlace(client);
            }
            assertTrue(honestVisitNs(served, 1) < SERVED_WITHIN_NS);
        } finally {
            for (Closeable client : open) {
                client.close();
            }
        }
    }

    @Test
    void longReadsAndWritesAreWholeWhateverGoesOnBesides() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        try (ServedStore served = new ServedStore(directory, store, false)) {
            for (boolean structured : new boolean[] {true, false}) {
                try (NbdClient client = NbdClient.going(served.address(), structured)) {
                    for (int i = 0; i < 6; i++) {
                        int bytes = MIB + 1 + random.nextInt(6 * MIB);
                        int offset = random.nextInt(20 * MIB);
                        byte[] data = Patterns.random(i, bytes);
                        client.request(0, Nbd.CMD_WRITE, 1, offset, bytes, data);
                        assertEquals(0, client.reply(0).error());
                        client.request(0, Nbd.CMD_READ, 3, 30L * MIB, 512, NONE);
                        client.request(0, Nbd.CMD_READ, 4, offset, bytes, NONE);
                        NbdClient.Reply one = client.reply(512);
                        NbdClient.Reply two = client.reply(bytes);
                        assertEquals(3 + 4, one.cookie() + two.cookie());
                        assertArrayEquals(data, (one.cookie() == 4 ? one : two).data());
                        if (structured) {
                            int flags = Nbd.CMD_FLAG_DF;
                            client.request(flags, Nbd.CMD_READ, 5, offset, bytes, NONE);
                            assertEquals(Nbd.EOVERFLOW, client.reply(bytes).error());
                        }
                    }
                }
            }
        }
    }

    @Test
    void aSilentOneGoesAndAnotherComes() throws Exception {
        try (ServedStore served = new ServedStore(directory, store, false)) {
            for (int i = 0; i < 200; i++) {
                SocketChannel silent = SocketChannel.open(served.address());
                open.add(silent);
                silent.read(ByteBuffer.allocate(1));
            }
            assertTrue(honestVisitNs(served, 1) < SERVED_WITHIN_NS);
        } finally {
            for (Closeable client : open) {
                client.close();
            }
        }
    }
}
