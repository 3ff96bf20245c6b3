// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlServerTest {
    private static final ControlLimits LIMITS =
            new ControlLimits(4, 1000, Duration.ofMillis(20), Duration.ofMillis(300));

    @TempDir Path directory;
    private final FakeOperations operations = new FakeOperations();
    private Path socket;
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        socket = directory.resolve("control.sock");
        server = new ControlServer(socket, operations, LIMITS);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aSocketThatSomebodyRemovedIsMadeAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            Files.delete(socket);
            while (Files.notExists(socket)) {
                Thread.onSpinWait();
            }
            assertTrue(call("ping").ok());
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        }
        server.close();
        assertTrue(Files.notExists(socket));
    }

    @Test
    void anAnswerMayBeHadAsText() throws Exception {
        String all = raw("text status\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(">NAME  STATE    ADDRESS", all.substring(0, 23));
        assertTrue(all.endsWith("\n=0\n"), all);
        assertEquals(
                "!vblade4j: unknown command \"nonsense\", try help\n=2\n",
                raw("text nonsense\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "!vblade4j: expected: text COMMAND...\n=2\n",
                raw("text\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "!warning: one\n!/disk\n!=0\n=1\n",
                raw("text check-line one \"/disk\\n=0\"\n".getBytes(StandardCharsets.UTF_8)));
    }

    private Answer call(String verb, String... arguments) throws IOException {
        return new ControlClient(socket).call(verb, arguments);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static String readAll(SocketChannel channel) throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }

    private String raw(byte[] request) throws IOException {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap(request));
            channel.shutdownOutput();
            return readAll(channel);
        }
    }

    private String raw(String request) throws IOException {
        return raw(request.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachVerbReachesItsOperation() throws IOException {
        assertTrue(call("start").ok());
        assertTrue(call("start", "a", "b").ok());
        assertTrue(call("start-with", "a", "-m 1,2 0 1 eth0 '/dev/x y'").ok());
        assertTrue(call("stop", "a").ok());
        assertTrue(call("restart", "a").ok());
        assertEquals("unchanged", call("reload").parsedRows().get(0).get("result"));
        assertEquals(1, call("dump").rows().size());
        assertTrue(call("shutdown").ok());
        assertEquals(
                List.of(
                        "start []",
                        "start [a, b]",
                        "startWith a|-m 1,2 0 1 eth0 '/dev/x y'",
                        "stop [a]",
                        "restart [a]",
                        "reload []",
                        "dump",
                        "shutdown"),
                new ArrayList<>(operations.calls));
    }

    @Test
    void statusRowsAreJsonAndReadBackAsWritten() throws Exception {
        Answer answer = call("status", "one");
        assertEquals(operations.status(List.of()), answer.parsedRows());
        assertTrue(answer.rows().get(0).startsWith("{\"name\":\"one\",\"state\":"));
    }

    @Test
    void shellCanAskWithoutAClient() throws IOException {
        assertEquals("{\"name\":\"one\",\"state\":\"started\"}\n{\"ok\":true}\n", raw("list\n"));
        assertEquals(
                "{\"pid\":" + ProcessHandle.current().pid() + "}\n{\"ok\":true}\n",
                raw("ping\r\n"));
        assertTrue(raw("help\n").contains("start-with NAME LINE"));
    }

    @Test
    void refusalsCarryTheirExitStatus() throws IOException {
        FakeOperations refusing =
                new FakeOperations() {
                    @Override
                    public void stop(List<String> names) throws OperationException {
                        throw new OperationException(
                                OperationException.Kind.NOT_RUNNING, "\"a\" is\nnot running");
                    }

                    @Override
                    public void restart(List<String> names) {
                        throw new IllegalStateException("defect");
                    }

                    @Override
                    public List<String> dump() {
                        throw new StackOverflowError();
                    }
                };
        Path other = directory.resolve("other");
        try (ControlServer second = new ControlServer(other, refusing, LIMITS)) {
            second.start();
            ControlClient client = new ControlClient(other);
            assertEquals(
                    new Answer(List.of(), 3, "\"a\" is\nnot running"), client.call("stop", "a"));
            assertEquals(1, client.call("restart", "a").status());
            assertEquals(1, client.call("dump").status());
            assertTrue(client.call("ping").ok());
        }
    }

    @Test
    void requestsThatMakeNoSenseAreUsageErrors() throws IOException {
        assertEquals(2, call("sing").status());
        assertEquals(2, call("start-with", "a").status());
        assertEquals(2, call("dump", "a").status());
        assertTrue(raw("\n").contains("\"status\":2"));
        assertTrue(raw("start 'a\n").contains("\"status\":2"));
        assertTrue(raw(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'}).contains("UTF-8"));
        assertTrue(operations.calls.isEmpty());
    }

    @Test
    void halfALineIsNotExecuted() throws IOException {
        assertTrue(raw("stop").contains("line end"));
        assertTrue(raw("").contains("line end"));
        assertTrue(operations.calls.isEmpty());
    }

    @Test
    void oversizedLineIsRefusedAndLongestIsNot() throws IOException {
        assertTrue(call("stop", "x".repeat(LIMITS.lineBytes() - "stop ".length())).ok());
        Answer answer = call("stop", "x".repeat(100_000));
        assertEquals(2, answer.status());
        assertTrue(answer.error().contains("1000 bytes"), answer.error());
    }

    @Test
    void silentClientsLoseTheirConnectionAndTheOthersAreServed() throws IOException {
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < LIMITS.connections(); i++) {
                silent.add(connect());
            }
            silent.get(0).write(ByteBuffer.wrap("sto".getBytes(StandardCharsets.UTF_8)));
            assertTrue(call("ping").ok());
            for (SocketChannel channel : silent) {
                assertEquals("", readAll(channel));
            }
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void clientThatVanishesHurtsNobody() throws IOException {
        for (int i = 0; i < 3 * LIMITS.connections(); i++) {
            try (SocketChannel channel = connect()) {
                channel.write(ByteBuffer.wrap("status\n".getBytes(StandardCharsets.UTF_8)));
            }
        }
        assertTrue(call("ping").ok());
    }

    @Test
    void slowOperationOfOneClientDoesNotDelayAnother() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        FakeOperations slow =
                new FakeOperations() {
                    @Override
                    public void start(List<String> names) {
                        entered.countDown();
                        await(release);
                    }
                };
        Path other = directory.resolve("slow");
        try (ControlServer second = new ControlServer(other, slow, LIMITS)) {
            second.start();
            CompletableFuture<Answer> starting = asynchronously(other, "start");
            await(entered);
            assertTrue(new ControlClient(other).call("ping").ok());
            assertFalse(starting.isDone());
            release.countDown();
            assertTrue(starting.get(10, TimeUnit.SECONDS).ok());
        }
    }

    @Test
    void manyClientsAtOnceAreAllAnswered() throws Exception {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(asynchronously(socket, "stop"));
        }
        for (CompletableFuture<Answer> answer : answers) {
            assertTrue(answer.get(20, TimeUnit.SECONDS).ok());
        }
        assertEquals(40, operations.calls.size());
    }

    @Test
    void hangingSupervisorIsReportedAfterTheTimeout() throws IOException {
        Path other = directory.resolve("hang");
        try (ControlServer neverStarted = new ControlServer(other, operations, LIMITS)) {
            assertTrue(Files.exists(other), neverStarted::toString);
            ControlClient client =
                    new ControlClient(other, Duration.ofMillis(1500), Duration.ofMillis(50));
            Map<String, String> seconds =
                    Map.of("ping", "in 0 s", "list", "in 0 s", "stop", "in 1 s");
            seconds.forEach(
                    (verb, patience) -> {
                        IOException e = assertThrows(IOException.class, () -> client.call(verb));
                        assertTrue(e.getMessage().contains("no answer"), e.getMessage());
                        assertTrue(e.getMessage().endsWith(patience), e.getMessage());
                        assertFalse(e instanceof NoSupervisorException);
                    });
        }
    }

    @Test
    void afterCloseThereIsNoSocketAndNoSupervisor() {
        server.close();
        assertFalse(Files.exists(socket));
        assertThrows(NoSupervisorException.class, () -> call("ping"));
        assertTrue(operations.calls.isEmpty());
    }

    private static CompletableFuture<Answer> asynchronously(Path socket, String verb) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                answer.complete(new ControlClient(socket).call(verb));
                            } catch (IOException e) {
                                answer.completeExceptionally(e);
                            }
                        });
        thread.start();
        return answer;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
