// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;

/** Clients that stop in the middle, or ask for what they may not, cost the others nothing. */
@Timeout(60)
class StalledClientsTest {
    private static final int MIB = 1 << 20;
    private static final byte[] NONE = {};

    @TempDir Path directory;

    private final MemoryStore store = MemoryStore.heap(40 * (MIB / 512));
    private final List<NbdClient> stalled = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (NbdClient client : stalled) {
            client.close();
        }
    }

    private NbdClient stalled(ServedStore served) throws IOException {
        NbdClient client = NbdClient.going(served.address(), true);
        stalled.add(client);
        return client;
    }

    /** A client that was there and one that has just come write and read. */
    private static void othersAreServed(ServedStore served, NbdClient other) throws IOException {
        writesAndReads(other, 4096, 1);
        try (NbdClient late = NbdClient.going(served.address(), true)) {
            writesAndReads(late, 4096, 2);
            writesAndReads(late, MIB, 3);
        }
    }

    private static void writesAndReads(NbdClient client, int bytes, long seed) throws IOException {
        byte[] data = Patterns.random(seed, bytes);
        client.request(0, Nbd.CMD_WRITE, seed, 100, bytes, data);
        assertEquals(0, client.reply(0).error());
        assertArrayEquals(data, client.read(100, bytes));
    }

    @ParameterizedTest
    @CsvSource({"0, 104857600", "0, -268435456", "0, 1", "512, 0", "-1, -1", "0, 2147483647"})
    void aFlushThatClaimsAPlaceIsRefused(long offset, int length) throws Exception {
        try (ServedStore served = new ServedStore(directory, store, false);
                NbdClient other = NbdClient.going(served.address(), true)) {
            NbdClient client = stalled(served);
            client.request(0, Nbd.CMD_FLUSH, 7, offset, length, NONE);
            NbdClient.Reply reply = client.reply(0);
            assertEquals(7, reply.cookie());
            assertEquals(Nbd.EINVAL, reply.error());
            othersAreServed(served, other);
            writesAndReads(client, 4096, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32 * MIB, 2 * MIB, MIB, 4096})
    void whoStopsInTheMiddleOfAWrite(int bytes) throws Exception {
        try (ServedStore served = new ServedStore(directory, store, false);
                NbdClient other = NbdClient.going(served.address(), true)) {
            for (int i = 0; i < 50; i++) { // of more, one user's, the one that is idle goes
                stalled(served).request(0, Nbd.CMD_WRITE, i, 0, bytes, new byte[1000]);
            }
            othersAreServed(served, other);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32 * MIB, 2 * MIB, MIB, 4096})
    void whoDoesNotTakeTheRepliesToItsReads(int bytes) throws Exception {
        try (ServedStore served = new ServedStore(directory, store, false);
                NbdClient other = NbdClient.going(served.address(), true)) {
            for (int i = 0; i < 20; i++) {
                NbdClient client = stalled(served);
                for (int read = 0; read < 128; read++) {
                    client.request(0, Nbd.CMD_READ, read, 0, bytes, NONE);
                }
            }
            othersAreServed(served, other);
        }
    }

    @Test
    void theDataOfAWriteThatIsRefusedTakeNoMemory() throws Exception {
        try (ServedStore served = new ServedStore(directory, store, true)) {
            stalled(served).request(0, Nbd.CMD_READ, 1, 0, 32 * MIB, NONE);
            NbdClient client = stalled(served);
            client.request(0, Nbd.CMD_WRITE, 5, 0, 32 * MIB, new byte[32 * MIB]);
            NbdClient.Reply reply = client.reply(0);
            assertEquals(5, reply.cookie());
            assertEquals(Nbd.EPERM, reply.error());
            assertEquals(512, client.read(0, 512).length);
        }
    }

    @Test
    void longRequestsAreServedToo() throws Exception {
        try (ServedStore served = new ServedStore(directory, store, false);
                NbdClient client = NbdClient.going(served.address(), true);
                NbdClient second = NbdClient.going(served.address(), false)) {
            writesAndReads(client, 3 * MIB, 1);
            writesAndReads(second, 2 * MIB, 2);
            writesAndReads(client, 5 * MIB + 7, 3);
            assertTrue(served.server().clients() >= 2);
        }
    }
}
