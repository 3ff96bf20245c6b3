// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.FaultyStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreFaults;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;

@Timeout(120)
class NbdServerTest {
    private static final int SECTORS = 300;
    private static final int BYTES = SECTORS * 512;
    private static final byte[] NONE = {};

    @TempDir Path directory;

    private final MemoryStore memory = MemoryStore.heap(SECTORS);

    /** Ends requests late and in any order. */
    private BlockStore slow(long seed) {
        return new FaultyStore(
                memory, new StoreFaults(seed, 0, StoreStatus.OK, 200_000), System::nanoTime);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "3, false", "4, false", "5, true", "6, false"})
    void manyRequestsAtOnceOfAnyPlaceAndLengthAreAsIfOneAfterTheOther(long seed, boolean structured)
            throws Exception {
        byte[] model = Patterns.random(seed, BYTES);
        new StoreDriver(memory).write(0, model);
        SplittableRandom random = new SplittableRandom(seed);
        try (ServedStore served = new ServedStore(directory, slow(seed), false);
                NbdClient client = NbdClient.going(served.address(), structured)) {
            assertEquals(BYTES, client.sizeBytes());
            for (int batch = 0; batch < 30; batch++) {
                Map<Long, byte[]> reads = new HashMap<>();
                Map<Integer, Integer> lengths = new HashMap<>();
                // Simple replies do not tell their length: one read at a time then.
                int count = structured ? 40 : 1 + random.nextInt(2);
                for (int i = 0; i < count; i++) {
                    int offset = random.nextInt(BYTES);
                    int length = 1 + random.nextInt(Math.min(BYTES - offset, 5000));
                    int type = random.nextInt(3);
                    long cookie = batch * 100L + i;
                    if (type == 0 && (structured || i == 0)) {
                        reads.put(cookie, Arrays.copyOfRange(model, offset, offset + length));
                        lengths.put(0, length);
                        client.request(0, Nbd.CMD_READ, cookie, offset, length, NONE);
                    } else if (type == 1) {
                        Arrays.fill(model, offset, offset + length, (byte) 0);
                        client.request(0, Nbd.CMD_WRITE_ZEROES, cookie, offset, length, NONE);
                    } else {
                        byte[] data = Patterns.random(seed + cookie, length);
                        System.arraycopy(data, 0, model, offset, length);
                        client.request(1, Nbd.CMD_WRITE, cookie, offset, length, data);
                    }
                    if (!structured) {
                        check(client.reply(lengths.getOrDefault(0, 0)), reads);
                        lengths.clear();
                    }
                }
                for (int i = 0; structured && i < count; i++) {
                    check(client.reply(0), reads);
                }
            }
            client.request(0, Nbd.CMD_DISC, 0, 0, 0, NONE);
            assertTrue(client.atEnd());
        }
        assertArrayEquals(model, new StoreDriver(memory).read(0, SECTORS));
    }

    private static void check(NbdClient.Reply reply, Map<Long, byte[]> reads) {
        assertEquals(0, reply.error());
        byte[] expected = reads.remove(reply.cookie());
        if (expected != null) {
            assertArrayEquals(expected, reply.data(), "read " + reply.cookie());
        } else {
            assertEquals(0, reply.data().length);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "READ, 0, 0, 513, 153088, EINVAL",
        "READ, 0, 0, 512, -512, EINVAL",
        "READ, 0, 16, 512, 0, EINVAL",
        "READ, 0, 0, 512, 9223372036854775807, EINVAL",
        "READ, 0, 0, 0, 0, OK",
        "WRITE, 0, 0, 512, 153600, ENOSPC",
        "WRITE, 0, 4, 512, 0, EINVAL",
        "WRITE, 0, 0, 0, 153600, OK",
        "WRITE_ZEROES, 0, 0, -1, 0, ENOSPC",
        "WRITE_ZEROES, 0, 16, 512, 0, ENOTSUP",
        "WRITE_ZEROES, 0, 3, 153600, 0, OK",
        "FLUSH, 0, 0, 0, 0, OK",
        "TRIM, 0, 0, 512, 0, EINVAL",
        "CACHE, 0, 0, 512, 0, EINVAL",
        "BLOCK_STATUS, 0, 0, 512, 0, EINVAL",
        "WRITE, 1, 0, 512, 0, EPERM",
        "WRITE_ZEROES, 1, 0, 512, 0, EPERM",
        "READ, 1, 0, 512, 0, OK",
        "FLUSH, 1, 0, 0, 0, OK",
    })
    void eachRequestIsDoneOrRefusedAndTheNextIsHeard(
            String type, int readOnly, int flags, int length, long offset, String expected)
            throws Exception {
        Map<String, Integer> types =
                Map.of(
                        "READ",
                        0,
                        "WRITE",
                        1,
                        "FLUSH",
                        3,
                        "TRIM",
                        4,
                        "CACHE",
                        5,
                        "WRITE_ZEROES",
                        6,
                        "BLOCK_STATUS",
                        7);
        Map<String, Integer> errors =
                Map.of("OK", 0, "EPERM", 1, "EINVAL", 22, "ENOSPC", 28, "ENOTSUP", 95);
        for (boolean structured : new boolean[] {true, false}) {
            try (ServedStore served = new ServedStore(directory, memory, readOnly == 1);
                    NbdClient client = NbdClient.going(served.address(), structured)) {
                byte[] payload = type.equals("WRITE") ? new byte[length] : NONE;
                client.request(flags, types.get(type), 5, offset, length, payload);
                NbdClient.Reply reply = client.reply(type.equals("READ") ? length : 0);
                assertEquals(5, reply.cookie());
                assertEquals(errors.get(expected), reply.error());
                assertEquals(readOnly == 1, (client.flags() & Nbd.READ_ONLY) != 0);
                assertEquals(structured, (client.flags() & Nbd.SEND_DF) != 0);
                client.request(0, Nbd.CMD_READ, 6, 0, 512, NONE);
                assertEquals(6, client.reply(512).cookie());
            }
            Files.delete(directory.resolve("nbd"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x2560_9514, 0})
    void whoSendsNoRequestIsDroppedAndOthersAreServed(int magic) throws Exception {
        try (ServedStore served = new ServedStore(directory, memory, false);
                NbdClient good = NbdClient.going(served.address(), true);
                NbdClient bad = NbdClient.going(served.address(), true);
                NbdClient huge = NbdClient.going(served.address(), true)) {
            bad.send(ByteBuffer.allocate(28).putInt(magic).position(28));
            assertTrue(bad.atEnd());
            huge.request(0, Nbd.CMD_WRITE, 1, 0, (32 << 20) + 1, NONE);
            assertTrue(huge.atEnd());
            good.request(0, Nbd.CMD_READ, 2, 0, 512, NONE);
            assertEquals(0, good.reply(512).error());
        }
    }

    @Test
    void aClientThatGoesInTheMiddleOfAWriteLeavesItsMemoryToOthers() throws Exception {
        MemoryStore large = MemoryStore.heap(65536 + 8);
        try (ServedStore served = new ServedStore(directory, large, false)) {
            for (int i = 0; i < 8; i++) {
                NbdClient client = NbdClient.going(served.address(), true);
                client.request(0, Nbd.CMD_WRITE, 1, 0, 32 << 20, new byte[1000]);
                client.close();
            }
            try (NbdClient client = NbdClient.going(served.address(), true)) {
                byte[] data = Patterns.random(1, 32 << 20);
                client.request(0, Nbd.CMD_WRITE, 1, 100, 32 << 20, data);
                assertEquals(0, client.reply(0).error());
                client.request(0, Nbd.CMD_READ, 1, 100, 32 << 20, NONE);
                assertArrayEquals(data, client.reply(32 << 20).data());
            }
        }
    }

    @Test
    void errorsOfTheStoreAreTold() throws Exception {
        StoreFaults faults = new StoreFaults(1, 1, StoreStatus.MEDIA_ERROR, 0);
        BlockStore broken = new FaultyStore(memory, faults, System::nanoTime);
        try (ServedStore served = new ServedStore(directory, broken, false);
                NbdClient client = NbdClient.going(served.address(), true)) {
            client.request(0, Nbd.CMD_READ, 1, 0, 512, NONE);
            assertEquals(Nbd.EIO, client.reply(512).error());
            client.request(0, Nbd.CMD_WRITE, 2, 1, 5, new byte[5]);
            assertEquals(Nbd.EIO, client.reply(0).error());
        }
    }

    @Test
    void aWriteThatMustBeDurableIsFlushedBeforeItsReply() throws Exception {
        Flushes store = new Flushes();
        try (ServedStore served = new ServedStore(directory, store, false);
                NbdClient client = NbdClient.going(served.address(), true)) {
            client.request(0, Nbd.CMD_WRITE, 1, 0, 512, new byte[512]);
            client.reply(0);
            assertEquals(0, store.flushes);
            client.request(Nbd.CMD_FLAG_FUA, Nbd.CMD_WRITE, 1, 3, 5, new byte[5]);
            client.reply(0);
            assertEquals(1, store.flushes);
            client.request(Nbd.CMD_FLAG_FUA, Nbd.CMD_WRITE_ZEROES, 1, 0, BYTES, NONE);
            client.reply(0);
            assertEquals(2, store.flushes);
            client.request(0, Nbd.CMD_FLUSH, 1, 0, 0, NONE);
            client.reply(0);
            assertEquals(3, store.flushes);
        }
    }

    @Test
    void aServerThatStopsAnswersWhatHasCome() throws Exception {
        try (ServedStore served = new ServedStore(directory, slow(9), false);
                NbdClient client = NbdClient.going(served.address(), true)) {
            for (int i = 0; i < 50; i++) {
                client.request(0, Nbd.CMD_READ, i, 0, 512, NONE);
            }
            client.reply(512);
            served.server().stop();
            int replies = 1;
            try {
                while (true) {
                    client.reply(512);
                    replies++;
                }
            } catch (IOException e) {
                assertTrue(replies >= 1 && replies <= 50, replies + " replies");
            }
            long startNs = System.nanoTime();
            while (served.server().clients() > 0) {
                assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(20));
                Thread.onSpinWait();
            }
        }
    }

    /** Who ends with the last client must not take one that has just come for one that has gone. */
    @Test
    void aClientIsThereBeforeItIsCounted() throws Exception {
        try (ServedStore served = new ServedStore(directory, memory, false)) {
            NbdServer server = served.server();
            for (int client = 1; client <= 2000; client++) {
                while (server.clients() > 0) {
                    Thread.onSpinWait();
                }
                try (SocketChannel channel = SocketChannel.open(served.address())) {
                    while (server.acceptedClients() < client) {
                        Thread.onSpinWait();
                    }
                    assertEquals(1, server.clients(), channel::toString);
                }
            }
        }
    }

    /** Counts flushes. */
    private final class Flushes implements BlockStore {
        private volatile int flushes;

        @Override
        public long sectors() {
            return memory.sectors();
        }

        @Override
        public StoreTraits traits() {
            return memory.traits();
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread only
        public void submit(StoreRequest request) {
            if (request.op() == StoreRequest.Op.FLUSH) {
                flushes++;
            }
            memory.submit(request);
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
