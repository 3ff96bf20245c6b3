// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Listens at a Unix domain socket and passes requests to {@link Operations}. A thread a client, a
 * bounded number of clients; what one does or fails to do is nothing to the others.
 *
 * <p>Protocol: one line in ({@link Request}), lines of JSON out, the last one {@code {"ok":true}}
 * or {@code {"ok":false,"status":N,"error":"..."}}; then the connection ends.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ControlServer.class.getName());
    private static final long ACCEPT_RETRY_MS = 100;
    private static final long LAST_ANSWERS_MS = 2000;

    /** Replaced when somebody removes its name. */
    private volatile SocketFile socket;

    private final PeerPolicy policy;
    private final Dispatcher dispatcher;
    private final ControlLimits limits;
    private final Semaphore free;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor watchdog;
    private final Thread acceptor;
    private final Object replacing = new Object();
    private volatile boolean stopping;

    /** Watchdog thread only: the same complaint is made once. */
    private String complaint = "";

    /**
     * Listens from here on; answers after {@link #start}.
     *
     * @throws IOException when another supervisor answers there, or the socket cannot be made
     */
    public ControlServer(Path socket, Operations operations) throws IOException {
        this(socket, operations, ControlAccess.OWNER_ONLY);
    }

    /** The same for others too. */
    public ControlServer(Path socket, Operations operations, ControlAccess access)
            throws IOException {
        this(socket, operations, access, ControlLimits.DEFAULTS);
    }

    ControlServer(Path path, Operations operations, ControlLimits limits) throws IOException {
        this(path, operations, ControlAccess.OWNER_ONLY, limits);
    }

    ControlServer(Path path, Operations operations, ControlAccess access, ControlLimits limits)
            throws IOException {
        this.socket = SocketFile.listen(path, access.group());
        this.policy = PeerPolicy.of(path, access);
        this.dispatcher = new Dispatcher(operations);
        this.limits = limits;
        this.free = new Semaphore(limits.connections());
        this.watchdog =
                new ScheduledThreadPoolExecutor(1, task -> daemon(task, "control/watchdog"));
        this.watchdog.setRemoveOnCancelPolicy(true);
        this.acceptor = daemon(this::acceptAll, "control");
    }

    /** Answers from here on. */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the executor
    public void start() {
        acceptor.start();
        long periodNs = limits.lookPeriod().toNanos();
        watchdog.scheduleWithFixedDelay(
                this::keepReachable, periodNs, periodNs, TimeUnit.NANOSECONDS);
    }

    /** Somebody may have removed the socket's name, and nobody could command any more. */
    private void keepReachable() {
        synchronized (replacing) {
            if (stopping || socket.reachable()) {
                return;
            }
            try {
                socket = socket.again();
                LOG.log(Level.WARNING, "the control socket was removed; made again");
                complaint = "";
            } catch (IOException e) {
                if (!e.toString().equals(complaint)) {
                    complaint = e.toString();
                    LOG.log(Level.ERROR, "the control socket was removed: {0}", complaint);
                }
            }
        }
    }

    /**
     * Removes the socket, lets answers that are under way go out for a moment, and drops the rest.
     * Not to be called from inside an operation.
     */
    @Override
    public void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        try {
            synchronized (replacing) {
                socket.close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "removing the control socket: {0}", e.getMessage());
        }
        acceptor.interrupt();
        try {
            free.tryAcquire(limits.connections(), LAST_ANSWERS_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(Connection::close);
        watchdog.shutdownNow();
    }

    private void acceptAll() {
        while (!stopping && acquire()) {
            boolean served = false;
            try {
                serve(socket.channel().accept());
                served = true;
            } catch (ClosedChannelException e) {
                LOG.log(Level.DEBUG, "the control socket is closed");
            } catch (IOException | OutOfMemoryError e) {
                LOG.log(Level.WARNING, "cannot take a control connection: {0}", e.toString());
                pause();
            } finally {
                if (!served) {
                    free.release();
                }
            }
        }
    }

    private boolean acquire() {
        try {
            free.acquire();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void serve(SocketChannel channel) {
        Connection connection = new Connection(channel, policy, dispatcher, limits, watchdog);
        connections.add(connection);
        Runnable task =
                () -> {
                    try {
                        connection.run();
                    } finally {
                        connections.remove(connection);
                        free.release();
                    }
                };
        try {
            daemon(task, "control/client").start();
        } catch (OutOfMemoryError e) {
            // No thread to be had: this client loses, the next may not.
            connections.remove(connection);
            connection.close();
            throw e;
        }
    }

    /** Out of file descriptors or threads: neither spin nor give up. */
    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ACCEPT_RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
