// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One client: a thread that negotiates and reads requests, and one that writes replies. Between
 * them commands go through the store's thread. The end of the reading waits for all replies.
 */
final class Connection {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    /** Requests in progress for one client. */
    private static final int MAX_COMMANDS = 128;

    private static final long HANDSHAKE_NS = TimeUnit.SECONDS.toNanos(10);

    /** So long a client may be there that has not asked for anything when others want its place. */
    private static final long USELESS_NS = TimeUnit.MINUTES.toNanos(1);

    private static final int DISCARD_BYTES = 1 << 16;

    private final SocketChannel channel;
    private final NbdServer server;
    private final String name;
    private final LinkedBlockingQueue<Command> replies = new LinkedBlockingQueue<>();
    private final Command last = new Command(this, new RequestHead(0, 0, 0, 0, 0));
    private final Semaphore room = new Semaphore(MAX_COMMANDS);
    private final ByteBuffer head = ByteBuffer.allocateDirect(Nbd.REQUEST_BYTES);
    private final Deadline negotiation;
    private final Deadline payload;
    private final Deadline reply;
    private final long startNs;
    private volatile boolean hasAsked;
    private volatile Slab own; // taken with the first request
    private ByteBuffer ownView;
    private ReplyWriter writer;

    Connection(SocketChannel channel, NbdServer server, String name) {
        this.channel = channel;
        this.server = server;
        this.name = name;
        negotiation = new Deadline(server.clockNs());
        payload = new Deadline(server.clockNs());
        reply = new Deadline(server.clockNs());
        startNs = server.clockNs().getAsLong();
        negotiation.begin(HANDSHAKE_NS);
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
            Handshake handshake =
                    new Handshake(channel, channel, server.export(), server.sizeBytes());
            if (handshake.run()) {
                negotiation.end();
                serve(handshake.structured());
            }
        } catch (ProtocolException e) {
            server.log().add(name + ": dropped, it sent " + e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, name + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            room.acquireUninterruptibly(MAX_COMMANDS);
            if (writer != null) {
                replies.add(last);
            } else {
                closed();
            }
        }
    }

    private void serve(boolean structured) throws IOException, InterruptedException {
        long sizeBytes = server.sizeBytes();
        boolean more = true;
        while (more) {
            head.clear();
            Wire.readFully(channel, head);
            RequestHead request = RequestHead.parse(head.flip());
            begin(structured);
            more =
                    request.type() != Nbd.CMD_DISC
                            && take(
                                    request,
                                    request.refusal(server.export(), structured, sizeBytes));
        }
    }

    /** Who never asks for anything has no memory and one thread. */
    private void begin(boolean structured) {
        if (!hasAsked) {
            hasAsked = true;
            own = server.memory().take();
            ownView = own.view();
            writer = new ReplyWriter(channel, own, reply, structured);
            thread("out", this::write);
        }
    }

    /** False when the server ends. Memory is taken only for what is carried out. */
    private boolean take(RequestHead request, int refusal)
            throws IOException, InterruptedException {
        int payloadBytes = request.payloadBytes();
        int slabBytes = refusal == 0 ? Command.slabBytes(request) : 0;
        Command command = new Command(this, request);
        if (slabBytes > 0) {
            boolean fits = slabBytes <= Memory.OWN_REQUEST_BYTES;
            Slab slab = fits ? own : server.memory().forLongRequests();
            int at = slab.acquire(slabBytes);
            if (at < 0) {
                return false;
            }
            command = new Command(this, request, slab, at, slabBytes);
            receive(command, payloadBytes, fits ? ownView : slab.view());
        } else if (payloadBytes > 0) {
            discard(payloadBytes);
        }
        room.acquire();
        command.error = refusal;
        if (refusal != 0 || (request.length() == 0 && request.type() != Nbd.CMD_FLUSH)) {
            reply(command);
        } else {
            server.submit(command);
        }
        return true;
    }

    private void receive(Command command, int bytes, ByteBuffer view) throws IOException {
        payload.beginBytes(bytes);
        try {
            int at = command.slabAt;
            Wire.readFully(channel, view.clear().position(at).limit(at + bytes));
        } catch (IOException e) {
            command.slab.release(command.slabAt, command.slabBytes);
            throw e;
        } finally {
            payload.end();
        }
    }

    /** The data of a write that is refused. */
    private void discard(int bytes) throws IOException {
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

    /** Any thread: the command has ended. */
    void reply(Command command) {
        replies.add(command);
    }

    private void write() {
        try {
            Command command = replies.take();
            while (command != last) {
                writer.put(command);
                if (command.slab != null) {
                    command.slab.release(command.slabAt, command.slabBytes);
                }
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
            channel.shutdownInput();
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

    /** Drops a client that does not negotiate, send what it said, or take its replies. */
    void check() {
        String missing =
                negotiation.passed()
                        ? "negotiate"
                        : payload.passed()
                                ? "send its data"
                                : reply.passed() ? "take its replies" : null;
        if (missing != null) {
            server.log().add(name + ": dropped, it does not " + missing);
            close();
        }
    }

    /** It has been there for a while, and has not asked for anything. */
    boolean useless() {
        return !hasAsked && server.clockNs().getAsLong() - startNs > USELESS_NS;
    }

    @Override
    public String toString() {
        return name;
    }
}
