// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.cli.common.Console;
import org.vblade4j.control.ControlServer;
import org.vblade4j.control.OperationException;

/** The short way and the parser have one outcome. */
class LeanCallTest {
    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--socket|SOCKET|ping",
                "--socket|SOCKET|start|a",
                "--socket|SOCKET|start|a|b_2",
                "--socket|SOCKET|start|--line|1 2 eth0 /disk|a",
                "--socket|SOCKET|start|--line|-r 1 2 eth0 \"/my disk\"|a",
                "--socket|SOCKET|start|--all",
                "--socket|SOCKET|stop|a",
                "--socket|SOCKET|stop|--all",
                "--socket|SOCKET|status",
                "--socket|SOCKET|status|a",
                "--socket|SOCKET|list",
                "--socket|SOCKET|list|a",
                "--socket|SOCKET|reload",
                "--socket|SOCKET|reload|a",
                "--socket|SOCKET|dump",
                "--socket|NOBODY|status",
                "--socket|SOCKET|restart|a|b",
                "--socket|NOBODY|stop|a",
                "--socket|NOBODY|ping",
                "--socket|NOBODY|shutdown",
            })
    void whatItTakesHasTheParsersOutcome(String line) throws Exception {
        List<String> words = List.of(line.split("\\|"));
        OperationException refusal =
                new OperationException(OperationException.Kind.REFUSED, "a: no\nb: \u00e9 never");
        for (OperationException answer : Arrays.asList(null, refusal)) {
            List<Object> parsers = outcome(words, this::parsed, answer);
            assertEquals(parsers, outcome(words, this::lean, answer));
            assertEquals(parsers, outcome(words, this::launched, answer));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "checkconfig",
                "checkconfig|--files-only",
                "checkconfig|--line|1 2 eth0 /disk|a",
                "--socket|NOBODY|checkconfig|--line|1 2 eth0 /disk|a"
            })
    void aCheckIsTheParsersWhereNoSupervisorHasTheseFiles(String line) throws Exception {
        Cli.Result result = launched(given(List.of(line.split("\\|"))));

        assertEquals(1, result.status());
        assertTrue(result.err().contains("is no Java"), result.err());
    }

    @Test
    void aCheckIsTheSupervisorsWhereItHasTheseFiles() throws Exception {
        RecordingOperations supervisor = new RecordingOperations();
        supervisor.rows.addAll(List.of(Map.of("warning", "file: odd"), Map.of("exports", 3)));
        try (ControlServer server = new ControlServer(socket(), supervisor)) {
            server.start();
            for (Way way : List.<Way>of(this::lean, this::launched)) {
                Cli.Result files = way.run(given("--socket|SOCKET|checkconfig|--files-only"));
                assertEquals(
                        new Cli.Result(0, "3 exports, no problem\n", "warning: file: odd\n"),
                        files);
                Cli.Result line = way.run(given("--socket|SOCKET|checkconfig|--line|x|a"));
                assertEquals(0, line.status());
                assertEquals(0, way.run(given("--socket|SOCKET|checkconfig")).status());
            }
            supervisor.rows.clear();
            supervisor.rows.addAll(List.of(Map.of("problem", "file: bad"), Map.of("exports", 1)));
            for (Way way : List.<Way>of(this::lean, this::launched)) {
                Cli.Result line = way.run(given("--socket|SOCKET|checkconfig|--line|x|a"));
                assertEquals(new Cli.Result(1, "", "file: bad\n"), line);
            }
        }
        assertEquals("check /etc/conf.d/vblade /etc/vblade4j.conf", supervisor.calls.get(0));
        assertEquals("check a x", supervisor.calls.get(1));
        assertEquals("check system /etc/conf.d/vblade /etc/vblade4j.conf", supervisor.calls.get(2));
    }

    /** The version before this one answers as it always did. */
    @Test
    void anOldSupervisorIsLeftToTheParser() throws Exception {
        ServerSocketChannel old = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (old) {
            old.bind(UnixDomainSocketAddress.of(socket()));
            Thread answering = new Thread(() -> answerAsOld(old, 2));
            answering.start();
            assertFalse(
                    LeanCall.run(List.of(given("--socket|SOCKET|status")), nowhere()).isPresent());
            Cli.Result result = launched(given("--socket|SOCKET|status"));
            answering.join();
            assertTrue(result.err().contains("is no Java"), result.err());
        }
    }

    private static void answerAsOld(ServerSocketChannel listener, int times) {
        byte[] answer =
                "{\"ok\":false,\"status\":2,\"error\":\"unknown command\"}\n"
                        .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < times; i++) {
            try (SocketChannel client = listener.accept()) {
                client.read(ByteBuffer.allocate(100));
                client.write(ByteBuffer.wrap(answer));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ping now",
                "ping --help",
                "start",
                "start -x",
                "start --all --all",
                "status --json",
                "status a --json",
                "list -h",
                "dump --confd /x",
                "dump a",
                "ping a",
                "checkconfig a",
                "shutdown now",
                "checkconfig --files-only a",
                "start a --all",
                "start a --line x",
                "start --line a",
                "start --line --all a",
                "stop",
                "stop é",
                "--socket=/x ping",
                "--socket ping",
                "--socket --socket ping",
                "-V",
                "supervise"
            })
    void everythingElseIsLeftToTheParser(String words) throws Exception {
        List<String> split = words.isEmpty() ? List.of() : List.of(words.split(" "));

        assertFalse(LeanCall.run(split, nowhere()).isPresent());
        Cli.Result result = launched(split.toArray(new String[0]));
        assertTrue(result.err().contains("is no Java"), result.err());
    }

    private interface Way {
        Cli.Result run(String... words) throws Exception;
    }

    private Cli.Result parsed(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(err));
        int status = Programs.vblade4j(console).execute(words);
        return new Cli.Result(status, out.toString(), err.toString());
    }

    private Cli.Result lean(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(err));
        OptionalInt taken = LeanCall.run(List.of(words), console);
        assertTrue(taken.isPresent(), "left to the parser: " + List.of(words));
        return new Cli.Result(taken.getAsInt(), out.toString(), err.toString());
    }

    /** By the launcher, which finds no Java here: what it does not do itself fails. */
    private Cli.Result launched(String... words) throws Exception {
        Path bin = Path.of(System.getProperty("vblade4j.basedir"), "bin/vblade4j");
        Files.writeString(directory.resolve("vblade4j.jar"), "");
        List<String> command = new ArrayList<>(List.of("sh", bin.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("VBLADE_JAVA_HOME", "/nowhere");
        builder.environment().put("VBLADE4J_HOME", directory.toString());
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int status = process.waitFor();
        return new Cli.Result(status, Files.readString(out), Files.readString(err));
    }

    private List<Object> outcome(List<String> words, Way way, OperationException refusal)
            throws Exception {
        RecordingOperations supervisor = new RecordingOperations();
        supervisor.refusal = refusal;
        try (ControlServer server = new ControlServer(socket(), supervisor)) {
            server.start();
            return List.of(way.run(given(words)), supervisor.calls);
        }
    }

    private String[] given(String words) {
        return given(List.of(words.split("\\|")));
    }

    private String[] given(List<String> words) {
        return words.stream()
                .map(word -> word.replace("SOCKET", socket().toString()))
                .map(word -> word.replace("NOBODY", directory + "/nobody"))
                .toArray(String[]::new);
    }

    private Path socket() {
        return directory.resolve("control.sock");
    }

    private static Console nowhere() {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return new Console(nowhere, nowhere);
    }
}
