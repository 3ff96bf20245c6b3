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
    private static final long WRITE_NS = TimeUnit.SECONDS.toNanos(30);

    private final SocketChannel channel;
    private final NbdServer server;
    private final String name;
    private final LinkedBlockingQueue<Command> replies = new LinkedBlockingQueue<>();
    private final Command last = new Command(this, new RequestHead(0, 0, 0, 0, 0), -1, 0);
    private final Semaphore room = new Semaphore(MAX_COMMANDS);
    private final ByteBuffer head = ByteBuffer.allocateDirect(Nbd.REQUEST_BYTES);
    private final long startNs = System.nanoTime();
    private volatile boolean negotiated;
    private volatile boolean hasWriter;
    private volatile ReplyWriter writer;

    Connection(SocketChannel channel, NbdServer server, String name) {
        this.channel = channel;
        this.server = server;
        this.name = name;
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
                negotiated = true;
                writer = new ReplyWriter(channel, server.slab(), handshake.structured());
                hasWriter = true;
                thread("out", this::write);
                serve(handshake.structured(), server.sizeBytes());
            }
        } catch (ProtocolException e) {
            LOG.log(Level.WARNING, name + ": dropped, it sent " + e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, name + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            room.acquireUninterruptibly(MAX_COMMANDS);
            if (hasWriter) {
                replies.add(last);
            } else {
                closed();
            }
        }
    }

    private void serve(boolean structured, long sizeBytes)
            throws IOException, InterruptedException {
        ByteBuffer view = server.slab().view();
        while (true) {
            head.clear();
            Wire.readFully(channel, head);
            RequestHead request = RequestHead.parse(head.flip());
            if (request.type() == Nbd.CMD_DISC) {
                return;
            }
            int payloadBytes = request.payloadBytes();
            int refusal = request.refusal(server.export(), structured, sizeBytes);
            int slabBytes = refusal == 0 ? Command.slabBytes(request) : payloadBytes;
            int at = slabBytes == 0 ? -1 : server.slab().acquire(slabBytes);
            if (slabBytes > 0 && at < 0) {
                return; // the server ends
            }
            Command command = new Command(this, request, at, slabBytes);
            try {
                if (payloadBytes > 0) {
                    Wire.readFully(channel, view.clear().position(at).limit(at + payloadBytes));
                }
            } catch (IOException e) {
                server.slab().release(at, slabBytes);
                throw e;
            }
            room.acquire();
            command.error = refusal;
            if (refusal != 0 || (request.length() == 0 && request.type() != Nbd.CMD_FLUSH)) {
                reply(command);
            } else {
                server.submit(command);
            }
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
                if (command.slabAt >= 0) {
                    server.slab().release(command.slabAt, command.slabBytes);
                }
                room.release();
                command = replies.poll();
                if (command == null) {
                    writer.flush();
                    command = replies.take();
                }
            }
            writer.flush();
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
    }

    /** Drops a client that does not negotiate, or does not take its replies. */
    void check(long nowNs) {
        boolean slow = !negotiated && nowNs - startNs > HANDSHAKE_NS;
        ReplyWriter out = writer;
        boolean stuck = out != null && out.writingFor(nowNs) > WRITE_NS;
        if (slow || stuck) {
            LOG.log(
                    Level.WARNING,
                    name + ": dropped, it does not " + (slow ? "negotiate" : "take its replies"));
            close();
        }
    }
}
