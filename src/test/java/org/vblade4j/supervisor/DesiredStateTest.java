// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.PortSettings;
import org.vblade4j.control.OperationException;

/** One supervisor after another on the same state directory. */
@Timeout(30)
class DesiredStateTest {
    @TempDir Path directory;
    private final FakeSource source =
            new FakeSource().with("a", "0.1 /dev/a").with("b", "0.2 /dev/b");

    private Rig takeUp() throws Exception {
        Rig rig = new Rig(directory, source);
        rig.supervisor.takeUp();
        return rig;
    }

    @Test
    void explicitStopOutlastsTheSupervisorDespiteAutostart() throws Exception {
        try (Rig first = takeUp()) {
            first.supervisor.stop(List.of("a"));
        }
        try (Rig second = takeUp()) {
            assertEquals("stopped", second.state("a"));
            assertEquals("started", second.state("b"));
        }
    }

    @Test
    void explicitStartOutlastsTheSupervisorWithoutAutostart() throws Exception {
        source.settings = new DaemonSettings(false, FakeSource.RESTART, PortSettings.DEFAULTS);
        try (Rig first = takeUp()) {
            first.supervisor.start(List.of("a"));
        }
        try (Rig second = takeUp()) {
            assertEquals("started", second.state("a"));
            assertEquals("stopped", second.state("b"));
        }
    }

    @Test
    void givenLineIsTakenUpAgainAlsoForNamesThatAreNotConfigured() throws Exception {
        try (Rig first = takeUp()) {
            first.supervisor.startWith("a", "7.7 /dev/x");
            first.supervisor.startWith("z", "7.8 /dev/z");
        }
        try (Rig second = takeUp()) {
            assertEquals("e7.7", second.row("a").get("address"));
            assertEquals("e7.8", second.row("z").get("address"));
            second.supervisor.stop(List.of("z"));
        }
        try (Rig third = takeUp()) {
            assertEquals("stopped", third.state("z"));
            third.supervisor.start(List.of("z"));
            assertEquals("e7.8", third.row("z").get("address"));
        }
    }

    @Test
    void killedSupervisorsRecordsServeTheNextOne() throws Exception {
        Files.createDirectories(directory.resolve("desired"));
        Files.writeString(directory.resolve("desired/a"), "stopped\n");
        Files.writeString(directory.resolve("desired/z"), "running '7.8 /dev/z'\n");
        Files.writeString(directory.resolve("desired/gone"), "running\n");
        Files.writeString(directory.resolve("desired/useless"), "running 'x'\n");
        Files.writeString(directory.resolve("a.state"), "started\n");
        try (Rig rig = takeUp()) {
            assertEquals("stopped", rig.state("a"));
            assertEquals("stopped\n", rig.stateFile("a"));
            assertEquals("started", rig.state("z"));
            assertThrows(OperationException.class, () -> rig.row("gone"));
            assertThrows(OperationException.class, () -> rig.row("useless"));
        }
    }

    @Test
    void exportThatWasCrashedIsTriedAgain() throws Exception {
        try (Rig first = takeUp()) {
            first.exports.failing.put("a", new IOException("gone"));
            first.supervisor.stop(List.of("a"));
            assertThrows(OperationException.class, () -> first.supervisor.start(List.of("a")));
        }
        try (Rig second = takeUp()) {
            assertEquals("started", second.state("a"));
        }
    }
}
