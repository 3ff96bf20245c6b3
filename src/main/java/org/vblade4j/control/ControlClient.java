// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Sends one request to a supervisor and reads the answer. Every call of an init script pays for
 * what this class loads, so it logs nothing and parses JSON only when an answer is a failure.
 */
public final class ControlClient {
    /** Longer than the supervisor's own deadlines, or a slow start looks like a dead supervisor. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** For what the supervisor answers out of its memory. */
    private static final Duration PROMPT_TIMEOUT = Duration.ofSeconds(10);

    private static final int BUFFER_BYTES = 8192;

    private final Path socket;
    private final Duration timeout;
    private final Duration promptTimeout;

    public ControlClient(Path socket) {
        this(socket, TIMEOUT, PROMPT_TIMEOUT);
    }

    /**
     * @param timeout how long an answer may take
     * @param promptTimeout the same for requests that wait for no export
     */
    ControlClient(Path socket, Duration timeout, Duration promptTimeout) {
        this.socket = socket;
        this.timeout = timeout;
        this.promptTimeout = promptTimeout;
    }

    /** Short for {@link #call(Request)}. */
    public Answer call(String verb, String... arguments) throws IOException {
        return call(new Request(verb, List.of(arguments)));
    }

    /**
     * Blocks for the answer, which may be a refusal.
     *
     * @throws NoSupervisorException when nobody listens at the socket
     * @throws IOException when the socket may not be used, or the supervisor ended or hung before
     *     it answered
     */
    public Answer call(Request request) throws IOException {
        List<String> lines = lines(request.format(), request.verb());
        if (lines.isEmpty() || !Answer.isOutcome(lines.get(lines.size() - 1))) {
            throw noAnswer();
        }
        return Answer.of(lines);
    }

    /**
     * The same for an answer as {@link TextAnswer} has it on the wire, complete; empty when the
     * supervisor is so old that it does not know what that is.
     */
    public List<String> text(Request request) throws IOException {
        List<String> lines = lines(TextAnswer.WORD + " " + request.format(), request.verb());
        if (lines.isEmpty()) {
            throw noAnswer();
        }
        String last = lines.get(lines.size() - 1);
        if (last.startsWith("{")) {
            return List.of();
        }
        if (!last.startsWith("=")) {
            throw noAnswer();
        }
        return lines;
    }

    private IOException noAnswer() {
        return new IOException("the supervisor at " + socket + " ended without an answer");
    }

    private List<String> lines(String request, String verb) throws IOException {
        ByteBuffer line = StandardCharsets.UTF_8.encode(request + "\n");
        try (SocketChannel channel = connect();
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            boolean waits = Verb.of(verb).map(Verb::waits).orElse(false);
            return exchange(channel, selector, line, waits ? timeout : promptTimeout);
        }
    }

    private SocketChannel connect() throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException e) {
            throw new NoSupervisorException(socket, e);
        } catch (IOException e) {
            if (Files.notExists(socket)) {
                throw new NoSupervisorException(socket, e);
            }
            throw new IOException("cannot connect to " + socket + ": " + e.getMessage(), e);
        }
    }

    private List<String> exchange(
            SocketChannel channel, Selector selector, ByteBuffer line, Duration patience)
            throws IOException {
        long deadlineNs = System.nanoTime() + patience.toNanos();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
        while (line.hasRemaining()) {
            await(selector, deadlineNs, patience);
            if (!write(channel, line)) {
                break;
            }
        }
        key.interestOps(SelectionKey.OP_READ);
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (read(channel, buffer) >= 0) {
            answer.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            await(selector, deadlineNs, patience);
        }
        return answer.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** False when the supervisor reads no more: it may have said why. */
    private static boolean write(SocketChannel channel, ByteBuffer line) {
        try {
            channel.write(line);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A reset ends an answer as its end does: what came before it counts. */
    private static int read(SocketChannel channel, ByteBuffer buffer) {
        try {
            return channel.read(buffer);
        } catch (IOException e) {
            return -1;
        }
    }

    private void await(Selector selector, long deadlineNs, Duration patience) throws IOException {
        selector.selectedKeys().clear();
        long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0 || selector.select(leftMs) == 0) {
            throw new IOException(
                    "no answer from the supervisor at "
                            + socket
                            + " in "
                            + patience.toSeconds()
                            + " s");
        }
    }
}
