// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.store.MemoryStore;

/** How long clients may take, how many there may be, and how much they make the server say. */
@Timeout(60)
class ClientLimitsTest {
    private static final int MIB = 1 << 20;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final byte[] NONE = {};

    @TempDir Path directory;

    private final MemoryStore store = MemoryStore.heap(40 * (MIB / 512));
    private final AtomicLong nowNs = new AtomicLong(1L << 50);
    private final List<NbdClient> clients = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (NbdClient client : clients) {
            client.close();
        }
    }

    private ServedStore serve() throws IOException {
        return new ServedStore(ServedStore.onUnixSocket(directory), store, false, nowNs::get);
    }

    private NbdClient client(ServedStore served) throws IOException {
        NbdClient client = NbdClient.going(served.address(), true);
        clients.add(client);
        return client;
    }

    private void pass(long seconds) {
        nowNs.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private static void await(BooleanSupplier what) {
        long startNs = System.nanoTime();
        while (!what.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "nothing happens");
            Thread.onSpinWait();
        }
    }

    private static String log(ServedStore served) {
        return String.join("\n", served.log);
    }

    @Test
    void whoDoesNotNegotiateIsDroppedAfterTenSeconds() throws Exception {
        try (ServedStore served = serve()) {
            NbdClient silent = new NbdClient(served.address(), 3);
            clients.add(silent);
            pass(11);
            assertTrue(silent.atEnd());
            await(() -> log(served).contains("it does not negotiate"));
        }
    }

    /** Seconds that pass until something is logged, while another client is served. */
    private int secondsUntilLogged(ServedStore served, NbdClient other) throws IOException {
        int seconds = 0;
        while (served.log.isEmpty()) {
            pass(1);
            seconds++;
            assertEquals(512, other.read(0, 512).length);
        }
        return seconds;
    }

    @Test
    void aLongWriteThatStallsHoldsUpNobody() throws Exception {
        try (ServedStore served = serve()) {
            NbdClient stalled = client(served);
            stalled.request(0, Nbd.CMD_WRITE, 1, 0, 32 * MIB, new byte[1000]);
            NbdClient other = client(served);
            assertEquals(3 * MIB, other.read(0, 3 * MIB).length);
            int seconds = secondsUntilLogged(served, other);
            assertTrue(seconds >= 31 && seconds <= 33, seconds + " s");
            assertTrue(stalled.atEnd());
            assertTrue(log(served).contains("it does not send its data"), log(served));
        }
    }

    @Test
    void theDataOfARefusedWriteHaveTheirTimeToo() throws Exception {
        try (ServedStore served = serve()) {
            NbdClient stalled = client(served);
            stalled.request(0, Nbd.CMD_WRITE, 1, 64L * MIB, 512, new byte[100]);
            int seconds = secondsUntilLogged(served, client(served));
            assertTrue(seconds >= 30, seconds + " s");
            assertTrue(stalled.atEnd());
            assertTrue(log(served).contains("it does not send its data"), log(served));
        }
    }

    @Test
    void whoDoesNotTakeItsRepliesIsDropped() throws Exception {
        try (ServedStore served = serve()) {
            NbdClient stalled = client(served);
            for (int i = 0; i < 20; i++) {
                stalled.request(0, Nbd.CMD_READ, i, 0, MIB, NONE);
            }
            int seconds = secondsUntilLogged(served, client(served));
            assertTrue(seconds >= 31, seconds + " s");
            assertTrue(log(served).contains("it does not take its replies"), log(served));
        }
    }

    @Test
    void aClientWithRequestsBetweenLongPausesStays() throws Exception {
        try (ServedStore served = serve()) {
            NbdClient client = client(served);
            for (int i = 0; i < 5; i++) {
                assertEquals(MIB, client.read(0, MIB).length);
                // The server may not have noticed yet that its reply was taken: a moment, not a
                // day.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                pass(100_000);
            }
            assertEquals("", log(served));
        }
    }

    /** Time passes as it does. */
    private ServedStore serveInRealTime() throws IOException {
        return new ServedStore(directory, store, false);
    }

    @Test
    void whoDoesNothingGivesItsPlaceToOthersAndWhoDidMostKeepsItLongest() throws Exception {
        try (ServedStore served = serveInRealTime()) {
            NbdClient busy = client(served);
            for (int i = 0; i < 5; i++) {
                assertEquals(512, busy.read(0, 512).length);
            }
            for (int i = 1; i < Places.MAX_OF_ONE_PEER; i++) {
                client(served);
            }
            for (int i = 0; i < 2 * Places.MAX_CLIENTS; i++) {
                assertEquals(512, client(served).read(0, 512).length);
            }
            assertEquals(512, busy.read(0, 512).length, "it was served more than the others");
            assertTrue(served.server().clients() <= Places.MAX_OF_ONE_PEER);
        }
    }

    @Test
    void refusalsAreToldOnceAMinuteWithTheirNumber() throws Exception {
        try (ServedStore served = serve()) {
            for (int i = 0; i < Places.MAX_OF_ONE_PEER; i++) {
                client(served); // none is still while no time passes
            }
            for (int i = 0; i < 3; i++) {
                assertThrows(IOException.class, () -> client(served));
            }
            assertTrue(log(served).startsWith("no place for another client: user "), log(served));
            assertEquals(1, served.log.size(), log(served));
            pass(61);
            await(() -> served.log.size() == 2);
            assertTrue(
                    log(served)
                            .endsWith(
                                    "\n2 more clients were refused or dropped since the"
                                            + " last message"),
                    log(served));
        }
    }

    @Test
    void whoIsNotAllowedIsRefusedAndThatIsToldOnceAMinute() throws Exception {
        UserPrincipal other =
                FileSystems.getDefault()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("65533");
        NbdAccess others = new NbdAccess(Set.of(other), Optional.empty());
        ServerSocketChannel listener = ServedStore.onUnixSocket(directory);
        try (ServedStore served = new ServedStore(listener, others, store, false, nowNs::get)) {
            for (int i = 0; i < 100; i++) {
                assertThrows(IOException.class, () -> client(served));
            }
            assertEquals(1, served.log.size(), log(served));
            assertTrue(log(served).endsWith(" is not allowed: refused"), log(served));
        }
        Files.delete(directory.resolve("nbd"));
        UserPrincipal self = Files.getOwner(directory);
        NbdAccess own = new NbdAccess(Set.of(other, self), Optional.empty());
        listener = ServedStore.onUnixSocket(directory);
        try (ServedStore served = new ServedStore(listener, own, store, false, nowNs::get)) {
            assertEquals(512, client(served).read(0, 512).length);
        }
    }

    @Test
    void nonsenseIsToldOnceAMinute() throws Exception {
        try (ServedStore served = serve()) {
            for (int i = 0; i < 10; i++) {
                NbdClient bad = client(served);
                bad.send(ByteBuffer.allocate(28).position(28));
                assertTrue(bad.atEnd());
            }
            assertEquals(1, served.log.size(), log(served));
        }
    }

    /** The kernel's timer of a connection, see proc_net_tcp: 2 is the one of keep-alive. */
    @Test
    void peersThatDieWithoutAWordAreProbed() throws Exception {
        InetAddress local = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        ServerSocketChannel listener =
                ServerSocketChannel.open().bind(new InetSocketAddress(local, 0));
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        try (ServedStore served = new ServedStore(listener, store, false, nowNs::get)) {
            assertEquals(512, client(served).read(0, 512).length);
            await(() -> timer(port).startsWith("02:")); // once the reply has been acknowledged
            int ticks = Integer.parseInt(timer(port).substring(3), 16);
            assertTrue(ticks > 0 && ticks <= 60 * 100, ticks + " hundredths of a second");
        }
    }

    private static String timer(int port) {
        String local = String.format("0100007F:%04X", port);
        for (String table : new String[] {"tcp", "tcp6"}) {
            for (String line : lines(Path.of("/proc/thread-self/net", table))) {
                String[] fields = line.strip().split(" +");
                if (fields[1].endsWith(local) && fields[3].equals("01")) {
                    return fields[5];
                }
            }
        }
        throw new AssertionError("no connection to " + local);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void noRoomThatCanNeverBeIsWaitedFor() throws Exception {
        Slab slab = new Slab(ByteBuffer.allocateDirect(4 * Slab.GRANULE_BYTES));
        for (int bytes : new int[] {0, -1, Integer.MIN_VALUE, 4 * Slab.GRANULE_BYTES + 1}) {
            assertThrows(IllegalArgumentException.class, () -> slab.acquire(bytes));
        }
        assertEquals(0, slab.acquire(4 * Slab.GRANULE_BYTES));
        slab.release(0, 4 * Slab.GRANULE_BYTES);
        assertEquals(0, slab.acquire(1));
    }
}
