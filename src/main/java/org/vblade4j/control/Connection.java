// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One client: a request in, an answer out, the end. A client that says nothing, stops in the
 * middle, or does not take its answer loses its connection when patience runs out: the watchdog
 * closes the channel under the blocked call.
 */
final class Connection implements Runnable {
    private static final Logger LOG = System.getLogger(Connection.class.getName());
    private static final int FIRST_BUFFER_BYTES = 1024;

    private final SocketChannel channel;
    private final PeerPolicy policy;
    private final Dispatcher dispatcher;
    private final ControlLimits limits;
    private final ScheduledExecutorService watchdog;

    Connection(
            SocketChannel channel,
            PeerPolicy policy,
            Dispatcher dispatcher,
            ControlLimits limits,
            ScheduledExecutorService watchdog) {
        this.channel = channel;
        this.policy = policy;
        this.dispatcher = dispatcher;
        this.limits = limits;
        this.watchdog = watchdog;
    }

    @Override
    public void run() {
        try (channel) {
            UserPrincipal user = PeerPolicy.user(channel);
            if (!policy.mayConnect(user)) {
                receiveLine(); // or the client fails to send and never reads why
                send(denied(user, "may not command"));
                return;
            }
            send(answer(user));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a client went away: {0}", e.toString());
        }
    }

    private List<String> answer(UserPrincipal user) throws IOException {
        ByteBuffer line = receiveLine();
        int lengthBytes = line.limit() - (endsLine(line) ? 1 : 0);
        if (lengthBytes > limits.lineBytes()) {
            return refusal(
                    OperationException.Kind.USAGE,
                    "request longer than " + limits.lineBytes() + " bytes");
        }
        if (!endsLine(line)) {
            return refusal(OperationException.Kind.USAGE, "request without its line end");
        }
        line.limit(lengthBytes);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(line).toString();
            return answer(user, text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
        } catch (CharacterCodingException e) {
            return refusal(OperationException.Kind.USAGE, "request is not UTF-8");
        }
    }

    private List<String> answer(UserPrincipal user, String text) {
        Optional<Verb> verb = verb(text);
        return policy.mayGive(user, verb.orElse(null))
                ? dispatcher.answer(text)
                : denied(user, "may not " + verb.get().word());
    }

    /** Empty for what is no command; the dispatcher says so. */
    private static Optional<Verb> verb(String text) {
        try {
            return Verb.of(Request.parse(text).verb());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<String> denied(UserPrincipal user, String what) {
        LOG.log(Level.WARNING, "refused a command from user {0}", user.getName());
        return refusal(OperationException.Kind.REFUSED, "user " + user.getName() + " " + what);
    }

    /** From 0 to limit: what came up to and with the first line end, or to the end of input. */
    private ByteBuffer receiveLine() throws IOException {
        Future<?> alarm = closeLater();
        try {
            ByteBuffer line = ByteBuffer.allocate(FIRST_BUFFER_BYTES);
            int seen = 0;
            while (line.position() <= limits.lineBytes() && channel.read(line) >= 0) {
                for (; seen < line.position(); seen++) {
                    if (line.get(seen) == '\n') {
                        return line.position(0).limit(seen + 1);
                    }
                }
                line = line.hasRemaining() ? line : grown(line);
            }
            return line.flip();
        } finally {
            alarm.cancel(false);
        }
    }

    private static ByteBuffer grown(ByteBuffer full) {
        return ByteBuffer.allocate(2 * full.capacity()).put(full.flip());
    }

    private static boolean endsLine(ByteBuffer line) {
        return line.hasRemaining() && line.get(line.limit() - 1) == '\n';
    }

    private void send(List<String> lines) throws IOException {
        String text = String.join("\n", lines) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        Future<?> alarm = closeLater();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } finally {
            alarm.cancel(false);
        }
    }

    private Future<?> closeLater() {
        return watchdog.schedule(this::close, limits.patience().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Any thread: ends the connection whatever it is doing. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a client's connection: {0}", e.toString());
        }
    }

    private static List<String> refusal(OperationException.Kind kind, String message) {
        return List.of(Answer.errorLine(kind.exitStatus(), message));
    }
}
