// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
                "--socket|SOCKET|stop|a",
                "--socket|SOCKET|restart|a|b",
                "--socket|NOBODY|stop|a",
                "--socket|NOBODY|ping",
            })
    void whatItTakesHasTheParsersOutcome(String line) throws Exception {
        List<String> words = List.of(line.split("\\|"));
        assertEquals(outcome(words, false, null), outcome(words, true, null));
        OperationException refusal =
                new OperationException(OperationException.Kind.REFUSED, "a: no\nb: never");
        assertEquals(outcome(words, false, refusal), outcome(words, true, refusal));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ping now",
                "ping --help",
                "start",
                "start --all",
                "start -x",
                "start a --all",
                "start a --line x",
                "start --line a",
                "start --line --all a",
                "stop",
                "stop é",
                "status a",
                "list",
                "--socket=/x ping",
                "--socket ping",
                "--socket --socket ping",
                "-V",
                "supervise",
                "shutdown"
            })
    void everythingElseIsLeftToTheParser(String words) {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        List<String> split = words.isEmpty() ? List.of() : List.of(words.split(" "));

        assertFalse(LeanCall.run(split, new Console(nowhere, nowhere)).isPresent());
    }

    private List<Object> outcome(List<String> words, boolean lean, OperationException refusal)
            throws Exception {
        Path socket = directory.resolve("control.sock");
        String[] given =
                words.stream()
                        .map(word -> word.replace("SOCKET", socket.toString()))
                        .map(word -> word.replace("NOBODY", directory + "/nobody"))
                        .toArray(String[]::new);
        RecordingOperations supervisor = new RecordingOperations();
        supervisor.refusal = refusal;
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(err));
        try (ControlServer server = new ControlServer(socket, supervisor)) {
            server.start();
            int status;
            if (lean) {
                OptionalInt taken = LeanCall.run(List.of(given), console);
                assertTrue(taken.isPresent(), "left to the parser: " + words);
                status = taken.getAsInt();
            } else {
                status = Programs.vblade4j(console).execute(given);
            }
            return List.of(status, out.toString(), err.toString(), supervisor.calls);
        }
    }
}
