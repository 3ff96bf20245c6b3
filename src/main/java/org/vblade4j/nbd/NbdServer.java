// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import jdk.net.ExtendedSocketOptions;
import org.vblade4j.store.BlockStore;

/**
 * Serves one store to many clients. Their connections have threads of their own; the store is used
 * only by the thread that calls {@link #poll}, and all connections share it, so that a flush on one
 * covers what was written on all.
 *
 * <pre>{@code
 * server.start();
 * while (!done) {
 *     if (server.poll() + store.poll() == 0 && server.mayWait()) {
 *         wait until the store has something or wakeUp was called
 *     }
 * }
 * server.stop();
 * poll on until server.clients() == 0
 * }</pre>
 */
public final class NbdServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NbdServer.class.getName());

    /** How often it is looked whether a place has become free, and how long at most. */
    private static final int PLACE_LOOKS = 80;

    private static final long PLACE_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long CHECK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int KEEPALIVE_IDLE_S = 60;
    private static final int KEEPALIVE_INTERVAL_S = 10;
    private static final int KEEPALIVE_PROBES = 6;

    private final ServerSocketChannel listener;
    private final NbdExport export;
    private final NbdAccess access;
    private final Runnable wakeUp;
    private final BlockStore store;
    private final LongSupplier clockNs;
    private final ClientLog log;
    private final Memory memory = new Memory();
    private final CommandQueue commands;
    private final Queue<Command> submitted = new ConcurrentLinkedQueue<>();
    private final Places places = new Places();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean waiting;
    private volatile boolean stopped;
    private volatile long sizeBytes;
    private long checkedNs;

    /**
     * @param listener bound, of TCP or a Unix socket; closed by {@link #stop}
     * @param wakeUp called from any thread when there is something to poll
     */
    public NbdServer(
            ServerSocketChannel listener,
            NbdExport export,
            NbdAccess access,
            BlockStore store,
            Runnable wakeUp) {
        this(
                listener,
                export,
                access,
                store,
                wakeUp,
                System::nanoTime,
                message -> LOG.log(Level.WARNING, message));
    }

    /**
     * As the other.
     *
     * @param clockNs for deadlines; any thread
     * @param log takes messages that clients cause; any thread
     */
    NbdServer(
            ServerSocketChannel listener,
            NbdExport export,
            NbdAccess access,
            BlockStore store,
            Runnable wakeUp,
            LongSupplier clockNs,
            Consumer<String> log) {
        this.clockNs = clockNs;
        this.log = new ClientLog(log, clockNs);
        checkedNs = clockNs.getAsLong();
        this.listener = listener;
        this.export = export;
        this.access = access;
        this.store = store;
        this.wakeUp = wakeUp;
        commands = new CommandQueue(store);
        sizeBytes = store.sectors() * BlockStore.SECTOR_BYTES;
    }

    /** Begins to take clients. */
    public void start() {
        Thread thread = new Thread(this::accept, "nbd-accept");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!stopped) {
            try {
                admit(listener.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.add("cannot take a client: " + e.getMessage());
                LockSupport.parkNanos(CHECK_NS);
            }
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        Peer peer;
        try {
            tune(channel);
            peer = Peer.of(channel);
        } catch (IOException e) {
            channel.close(); // it has gone again
            return;
        }
        if (peer.user() != null && !access.users().isEmpty() && !mayConnect(peer)) {
            log.add(peer.name() + " is not allowed: refused");
            channel.close();
        } else if (!hasPlace(peer)) {
            log.add("no place for another client: " + peer.name() + " is refused");
            channel.close();
        } else {
            begin(channel, peer);
        }
    }

    @SuppressWarnings("SuspiciousMethodCalls") // of a Unix socket it is one
    private boolean mayConnect(Peer peer) {
        return access.users().contains(peer.user());
    }

    private void begin(SocketChannel channel, Peer peer) throws IOException {
        Connection connection = new Connection(channel, this, peer, accepted.get() + 1);
        places.add(connection);
        accepted.incrementAndGet(); // not before it is there: it would seem to have gone again
        try {
            connection.start();
        } catch (OutOfMemoryError e) {
            places.remove(connection);
            channel.close();
            throw new IOException(e.getMessage(), e); // threads are short
        }
        if (stopped) {
            connection.finish();
        }
    }

    /** Makes a place if there is none; a moment may pass until one can be dispensed with. */
    private boolean hasPlace(Peer newcomer) {
        for (int i = 0; i < PLACE_LOOKS && !stopped; i++) {
            if (places.freeFor(newcomer)) {
                return true;
            }
            boolean last = i == PLACE_LOOKS - 2; // one more look, for what has become free
            Optional<Connection> goes = places.dispensable(newcomer, last);
            if (goes.isPresent()) {
                places.remove(goes.get());
                goes.get().drop("it did nothing and another client wanted its place");
            } else {
                LockSupport.parkNanos(PLACE_PAUSE_NS);
            }
        }
        return false;
    }

    /** A peer that has died without a word is noticed within two minutes. */
    private void tune(SocketChannel channel) throws IOException {
        if (listener.getLocalAddress() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_S);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);
        }
    }

    /** The store's thread: starts what clients have asked for; returns how many commands. */
    public int poll() {
        waiting = false;
        int taken = 0;
        for (Command command = submitted.poll(); command != null; command = submitted.poll()) {
            commands.add(command);
            taken++;
        }
        if (taken > 0) {
            store.kick();
        }
        long nowNs = clockNs.getAsLong();
        if (nowNs - checkedNs >= CHECK_NS) {
            checkedNs = nowNs;
            sizeBytes = store.sectors() * BlockStore.SECTOR_BYTES;
            places.forEach(Connection::check);
            log.tick();
        }
        return taken;
    }

    /**
     * The store's thread, before it waits: true when nothing has come meanwhile. From then on
     * whatever comes calls {@code wakeUp}. It should not wait for longer than a second.
     */
    public boolean mayWait() {
        waiting = true;
        return submitted.isEmpty();
    }

    /** Clients that are there. */
    public int clients() {
        return places.size();
    }

    /** Clients that were ever there. */
    public int acceptedClients() {
        return accepted.get();
    }

    /** Any thread: takes no more clients and requests; what has come is answered. */
    public void stop() {
        stopped = true;
        try {
            listener.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot close the socket: " + e.getMessage());
        }
        places.forEach(Connection::finish);
        wakeUp.run();
    }

    /** Ends what is left of the connections. */
    @Override
    public void close() {
        stop();
        places.forEach(Connection::close);
    }

    NbdAccess access() {
        return access;
    }

    NbdExport export() {
        return export;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    Memory memory() {
        return memory;
    }

    LongSupplier clockNs() {
        return clockNs;
    }

    ClientLog log() {
        return log;
    }

    void submit(Command command) {
        submitted.add(command);
        if (waiting) {
            waiting = false;
            wakeUp.run();
        }
    }

    void ended(Connection connection) {
        places.remove(connection);
        wakeUp.run();
    }
}
