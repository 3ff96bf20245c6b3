// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir Path temporary;

    private Path directory() {
        return temporary.resolve("run");
    }

    private Path desired(String name) {
        return directory().resolve("desired").resolve(name);
    }

    @Test
    void secondSupervisorIsToldWhoseDirectoryItIs() throws Exception {
        try (StateDirectory first = StateDirectory.open(directory())) {
            first.show("a", ExportState.STARTED);
            IOException e = assertThrows(IOException.class, () -> StateDirectory.open(directory()));
            long self = ProcessHandle.current().pid();
            String holder = "another supervisor, process " + self + " in state ";
            assertTrue(e.getMessage().startsWith(holder), e.getMessage());
            assertTrue(Files.exists(directory().resolve("a.state")), "the loser removes nothing");
        }
        StateDirectory.open(directory()).close();
    }

    @Test
    void statesLeftByAKilledSupervisorAreRemoved() throws Exception {
        Files.createDirectories(directory());
        Files.writeString(directory().resolve("a.state"), "started\n");
        Files.writeString(directory().resolve("a.state.new"), "sta");
        StateDirectory.open(directory()).close();
        assertFalse(Files.exists(directory().resolve("a.state")));
        assertFalse(Files.exists(directory().resolve("a.state.new")));
    }

    @Test
    void foreignAndCorruptFilesAreLeftAlone() throws Exception {
        try (StateDirectory state = StateDirectory.open(directory())) {
            state.record("good", Desired.RUNNING);
            Files.writeString(desired("not-a-name"), "running\n");
            Files.writeString(desired("unknown"), "walking\n");
            Files.writeString(desired("empty"), "");
            Files.writeString(desired("open"), "running \"0 1\n");
            Files.writeString(desired("words"), "running a b\n");
            Files.write(desired("binary"), new byte[] {(byte) 0xff, 0, 1});
            Files.createDirectory(desired("folder"));
            Files.writeString(desired("half.new"), "run");
            assertEquals(Map.of("good", Desired.RUNNING), state.desired());
            for (String name : List.of("not-a-name", "unknown", "empty", "binary", "folder")) {
                assertTrue(Files.exists(desired(name)), name);
            }
            assertFalse(Files.exists(desired("half.new")));
        }
    }

    @Test
    void namesCannotLeaveTheDirectory() throws Exception {
        try (StateDirectory state = StateDirectory.open(directory())) {
            for (String name : List.of("../x", "", "a/b", "a.b", "1a")) {
                assertThrows(
                        IllegalArgumentException.class, () -> state.record(name, Desired.RUNNING));
                assertThrows(IllegalArgumentException.class, () -> state.forget(name));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> state.show(name, ExportState.STOPPED));
            }
        }
    }

    @Test
    void recordIsReplacedWholeAndForgotten() throws Exception {
        try (StateDirectory state = StateDirectory.open(directory())) {
            state.record("a", Desired.runningWith("-b 4 0 1 eth0 '/dev/my disk'\n"));
            state.record("a", Desired.STOPPED);
            assertEquals("stopped\n", Files.readString(desired("a")));
            state.forget("a");
            state.forget("a");
            assertEquals(Map.of(), state.desired());
        }
    }

    @Property
    void whatIsRecordedIsReadBack(@ForAll boolean running, @ForAll Optional<String> line) {
        Desired wish = new Desired(running, line);
        assertEquals(wish, Desired.parse(wish.format()));
    }
}
