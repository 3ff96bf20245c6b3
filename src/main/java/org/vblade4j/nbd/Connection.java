// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * One client: a thread that negotiates and reads requests, and one that writes replies. Between
 * them commands go through the store's thread. The end of the reading waits for all replies.
 */
final class Connection {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    /** Requests in progress for one client. */
    private static final int MAX_COMMANDS = 128;

    private static final long HANDSHAKE_NS = TimeUnit.SECONDS.toNanos(10);

    private static final int DISCARD_BYTES = 1 << 16;

    private final ClientChannel channel;
    private final NbdServer server;
    private final Peer peer;
    private final String name;
    private final LinkedBlockingQueue<Command> replies = new LinkedBlockingQueue<>();
    private final Command last = new Command(this, new RequestHead(0, 0, 0, 0, 0));
    private final Semaphore room = new Semaphore(MAX_COMMANDS);
    private final AtomicInteger underWay = new AtomicInteger();
    private final ByteBuffer head = ByteBuffer.allocateDirect(Nbd.REQUEST_BYTES);
    private final Deadline negotiation;
    private final Deadline payload;
    private final Deadline reply;
    private volatile long served;
    private volatile long progressNs;
    private volatile Slab own; // taken with the first request
    private ByteBuffer ownView;
    private boolean structured;
    private boolean writing;

    Connection(SocketChannel socket, NbdServer server, Peer peer, int number) {
        channel = new ClientChannel(socket);
        this.server = server;
        this.peer = peer;
        name = "nbd-" + number;
        negotiation = new Deadline(server.clockNs());
        payload = new Deadline(server.clockNs());
        reply = new Deadline(server.clockNs());
        negotiation.begin(HANDSHAKE_NS);
        progressNs = server.clockNs().getAsLong();
    }

    void start() {
        thread("in", this::read);
    }

    private void thread(String what, Runnable body) {
        Thread thread = new Thread(body, name + "-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try {
            if (negotiate()) {
                serve();
            }
        } catch (ProtocolException e) {
            note("dropped, it sent " + e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, name + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (OutOfMemoryError e) {
            note("dropped, there is no memory or no thread for it: " + e.getMessage());
        } finally {
            room.acquireUninterruptibly(MAX_COMMANDS);
            if (writing) {
                replies.add(last);
            } else {
                closed();
            }
        }
    }

    private void note(String what) {
        server.log().add(name + " (" + peer.name() + "): " + what);
    }

    private boolean negotiate() throws IOException {
        Tls tls = server.access().tls().orElse(null);
        Handshake handshake =
                new Handshake(
                        channel,
                        channel,
                        server.export(),
                        server.sizeBytes(),
                        tls == null ? null : () -> secure(tls));
        try {
            boolean goes = handshake.run();
            structured = handshake.structured();
            return goes;
        } finally {
            negotiation.end();
            if (handshake.plainRefused()) {
                note("it asked for the disk without TLS, and was told that it is required");
            }
        }
    }

    private void secure(Tls tls) throws IOException {
        try {
            channel.secure(tls);
        } catch (SSLException e) {
            String why = String.valueOf(e.getMessage()).replaceAll("[^ -~]", "?");
            throw new ProtocolException("no TLS that this server takes: " + why);
        }
    }

    private void serve() throws IOException, InterruptedException {
        long sizeBytes = server.sizeBytes();
        boolean more = true;
        while (more) {
            head.clear();
            Wire.readFully(channel, head);
            RequestHead request = RequestHead.parse(head.flip());
            begin();
            more =
                    request.type() != Nbd.CMD_DISC
                            && take(
                                    request,
                                    request.refusal(server.export(), structured, sizeBytes));
        }
    }

    /** Who never asks for anything has no memory and one thread. */
    private void begin() throws InterruptedException {
        if (own == null) {
            Slab slab = server.memory().take();
            try {
                ReplyWriter writer = new ReplyWriter(channel, slab, reply, structured);
                own = slab;
                ownView = slab.view();
                thread("out", () -> write(writer));
                writing = true;
            } finally {
                if (!writing) {
                    server.memory().giveBack(slab);
                }
            }
        }
    }

    /** False when the server ends. Memory is taken only for what is carried out. */
    private boolean take(RequestHead request, int refusal)
            throws IOException, InterruptedException {
        int payloadBytes = request.payloadBytes();
        boolean nothing = request.length() == 0 && request.type() != Nbd.CMD_FLUSH;
        if (refusal != 0 || nothing) {
            discard(payloadBytes);
            room.acquire();
            Command command = new Command(this, request);
            command.error = refusal;
            reply(command);
            return true;
        }
        if (!request.isLong()) {
            return submit(request, null);
        }
        Whole whole = new Whole(request);
        if (request.type() == Nbd.CMD_READ && !structured) {
            return readInOrder(whole);
        }
        boolean more = true;
        for (int at = 0; more && at < request.length(); at += whole.part(at).length()) {
            more = submit(whole.part(at), whole);
        }
        return more;
    }

    /** Nothing comes between the parts: each is written before the next one is asked for. */
    private boolean readInOrder(Whole whole) throws IOException, InterruptedException {
        boolean more = true;
        room.acquire(MAX_COMMANDS);
        room.release();
        for (int at = 0; more && at < whole.head.length(); at += whole.part(at).length()) {
            more = submit(whole.part(at), whole);
            room.acquire();
            room.release();
            if (whole.error != 0) {
                break;
            }
        }
        room.release(MAX_COMMANDS - 1);
        return more;
    }

    private boolean submit(RequestHead request, Whole whole)
            throws IOException, InterruptedException {
        int bytes = Command.slabBytes(request);
        int at = bytes == 0 ? 0 : own.acquire(bytes);
        if (at < 0) {
            return false;
        }
        Command command = new Command(this, request, whole, bytes == 0 ? null : own, at, bytes);
        receive(command, request.payloadBytes());
        room.acquire();
        underWay.incrementAndGet();
        server.submit(command);
        return true;
    }

    private void receive(Command command, int bytes) throws IOException {
        payload.beginBytes(bytes);
        try {
            int at = command.slabAt;
            Wire.readFully(channel, ownView.clear().position(at).limit(at + bytes));
        } catch (IOException e) {
            release(command);
            throw e;
        } finally {
            payload.end();
        }
    }

    private static void release(Command command) {
        if (command.slab != null) {
            command.slab.release(command.slabAt, command.slabBytes);
        }
    }

    /** The data of a write that is refused. */
    private void discard(int bytes) throws IOException {
        if (bytes == 0) {
            return;
        }
        ByteBuffer rest = ByteBuffer.allocate(Math.min(bytes, DISCARD_BYTES));
        payload.beginBytes(bytes);
        try {
            for (int left = bytes; left > 0; left -= rest.position()) {
                Wire.readFully(channel, rest.clear().limit(Math.min(left, DISCARD_BYTES)));
            }
        } finally {
            payload.end();
        }
    }

    /** The store's thread: the command has ended. */
    void carriedOut(Command command) {
        reply(command);
        underWay.decrementAndGet();
    }

    private void reply(Command command) {
        replies.add(command);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread only
    private void write(ReplyWriter writer) {
        try {
            Command command = replies.take();
            while (command != last) {
                writer.put(command);
                served++;
                progressNs = server.clockNs().getAsLong();
                release(command);
                room.release();
                command = replies.poll();
                if (command == null) {
                    writer.flush();
                    command = replies.take();
                }
            }
            writer.flush();
            server.memory().giveBack(own); // all commands have been answered
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed();
        }
    }

    private void closed() {
        close();
        server.ended(this);
    }

    /** Any thread: takes no more requests, answers those that have come, then ends. */
    void finish() {
        try {
            channel.endInput();
        } catch (IOException e) {
            close();
        }
    }

    /** Any thread: ends now. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, name + ": " + e);
        }
        Slab slab = own;
        if (slab != null) {
            slab.close();
        }
    }

    /** Any thread: ends now, for a reason that is logged. */
    void drop(String why) {
        note("dropped, " + why);
        close();
    }

    /** Drops a client that does not negotiate, send what it said, or take its replies. */
    void check() {
        if (negotiation.passed()) {
            drop("it does not negotiate");
        } else if (payload.passed()) {
            drop("it does not send its data");
        } else if (reply.passed()) {
            drop("it does not take its replies");
        }
    }

    /**
     * So long it has come to the end of nothing, for which it has only itself to blame; 0 while the
     * disk works for it. Who sends or takes a byte from time to time gets nowhere.
     */
    long stillNs() {
        return underWay.get() > 0 ? 0 : server.clockNs().getAsLong() - progressNs;
    }

    /** How many of its requests have been answered. */
    long served() {
        return served;
    }

    /** It has begun to send or to be sent something. */
    boolean inTheMiddle() {
        return payload.runs() || reply.runs();
    }

    Peer peer() {
        return peer;
    }
}
