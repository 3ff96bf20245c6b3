// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** bin/vbladed: its exit status is true, its messages go to logger, its child is on its own. */
class VbladedLauncherTest {
    /** Announces itself, reports how it stands, then serves until it is told to end. */
    private static final String SERVES =
            """
            echo 'pid 1: e1.1, 2 sectors O_RDWR'
            ps -o sid= -p $$ >SCRATCH/session
            readlink /proc/self/fd/0 >SCRATCH/stdin
            echo $$ >SCRATCH/pid
            trap 'echo stopped; exit 0' TERM
            echo ready >"$VBLADE4J_READY_FIFO"
            while [ ! -e SCRATCH/end ]; do sleep 0.05; done
            echo 'after ready'\
            """;

    @TempDir Path root;

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void itSucceedsOnceTheExportIsUpAndLeavesTheRestToLogger(String shell) throws Exception {
        LauncherFixture fixture = fixture(shell, SERVES);

        LauncherFixture.Outcome outcome =
                fixture.run(fixture.bin("vbladed"), Map.of("LOGTAG", "my tag"), "1", "1");

        assertEquals(new LauncherFixture.Outcome(0, "", ""), outcome);
        String pid = Files.readString(root.resolve("pid")).strip();
        assertEquals(pid, Files.readString(root.resolve("session")).strip(), "its own session");
        assertEquals("/dev/null", Files.readString(root.resolve("stdin")).strip());
        try (var left = Files.list(root)) {
            assertFalse(
                    left.anyMatch(file -> file.getFileName().toString().startsWith("vbladed.")));
        }
        Files.createFile(root.resolve("end"));
        awaitExit(pid);
        awaitText(root.resolve("log"), "-t my tag: after ready\n");
        assertTrue(
                Files.readString(root.resolve("log"))
                        .contains("-t my tag: pid 1: e1.1, 2 sectors O_RDWR\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void itFailsWithTheReasonWhenTheExportDoesNotComeUp(String shell) throws Exception {
        LauncherFixture fixture =
                fixture(shell, "echo 'first line'; printf 'no such disk' >&2; exit 4");

        LauncherFixture.Outcome outcome = fixture.run(fixture.bin("vbladed"), Map.of(), "1", "1");

        assertEquals(new LauncherFixture.Outcome(4, "", "first line\nno such disk"), outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void aSilentEndBeforeReadyIsAFailureToo(String shell) throws Exception {
        LauncherFixture fixture = fixture(shell, "exit 0");

        LauncherFixture.Outcome outcome = fixture.run(fixture.bin("vbladed"), Map.of(), "1", "1");

        assertEquals(1, outcome.status());
        assertTrue(outcome.err().contains("ended with status 1 before the export was up"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void interruptedItTakesTheHalfStartedExportWithIt(String shell) throws Exception {
        LauncherFixture fixture =
                fixture(shell, "echo $$ >SCRATCH/pid; while :; do sleep 0.05; done");
        Path err = root.resolve("err");
        Process process =
                fixture.start(fixture.bin("vbladed"), Map.of(), root.resolve("out"), err, "1");
        awaitText(root.resolve("pid"), "\n");

        process.destroy();

        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(143, process.exitValue());
        awaitExit(Files.readString(root.resolve("pid")).strip());
    }

    private LauncherFixture fixture(String shell, String body) throws IOException {
        LauncherFixture fixture = new LauncherFixture(shell, root);
        fixture.build();
        String script = body.replace("SCRATCH", root.toString());
        fixture.java("usr/lib/jvm/default-java", "17", script);
        String log = "while IFS= read -r line; do echo \"$1 $2: $line\" >>" + root + "/log; done";
        fixture.tool("logger", log);
        return fixture;
    }

    private static void awaitText(Path file, String text) throws Exception {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(file) || !Files.readString(file).contains(text)) {
            assertTrue(System.nanoTime() < deadlineNs, "no \"" + text + "\" in " + file);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void awaitExit(String pid) throws Exception {
        var handle = ProcessHandle.of(Long.parseLong(pid));
        if (handle.isPresent()) {
            handle.get().onExit().get(20, TimeUnit.SECONDS);
        }
    }
}
