// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ConfigException;

/** What init scripts see, and what they get back when the process was killed. */
@Timeout(30)
class TakeOverTest {
    @TempDir Path directory;
    private final FakeSource source = new FakeSource().with("a", "0.1 /dev/a");

    private Path pidFile() {
        return directory.resolve("a.pid");
    }

    @Test
    void pidFileIsThereExactlyWhileTheExportIsStarted() throws Exception {
        try (Rig rig = new Rig(directory, source)) {
            assertFalse(Files.exists(pidFile()));
            rig.supervisor.start(List.of("a"));
            assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(pidFile()));
            rig.supervisor.stop(List.of("a"));
            assertFalse(Files.exists(pidFile()));

            rig.exports.failing.put("a", new IOException("gone"));
            assertThrows(Exception.class, () -> rig.supervisor.start(List.of("a")));
            assertFalse(Files.exists(pidFile()));
        }
    }

    @Test
    void pidFileLeftByAKilledSupervisorIsRemoved() throws Exception {
        Files.writeString(pidFile(), "1\n");
        StateDirectory.open(directory).close();
        assertFalse(Files.exists(pidFile()));
    }

    @Test
    void brokenFilesDoNotKeepARecordedLineFromBeingServed() throws Exception {
        try (Rig first = new Rig(directory, source)) {
            first.supervisor.startWith("z", "7.8 /dev/z");
        }
        source.mistake = "no sense";
        Files.createDirectory(directory.resolve("good")); // as one that was killed leaves it
        try (Rig second = new Rig(directory, source)) {
            second.supervisor.takeUp();
            assertEquals(1, second.exports.hurries, "hosts wait");
            assertEquals("started", second.state("z"));
        }
    }

    @Test
    void exportsThatAreRecordedButGoneAreReportedInOneLine() throws Exception {
        Files.createDirectories(directory.resolve("desired"));
        for (String gone : List.of("y1", "y2", "y3")) {
            Files.writeString(directory.resolve("desired").resolve(gone), "running\n");
        }
        List<String> warnings = new ArrayList<>();
        Logger logger = Logger.getLogger(Fleet.class.getName());
        Filter collect = record -> warnings.add(new SimpleFormatter().formatMessage(record));
        logger.setFilter(collect);
        try (Rig rig = new Rig(directory, source)) {
            rig.supervisor.takeUp();
        } finally {
            logger.setFilter(null);
        }
        assertEquals(List.of("recorded, but no longer configured: y1 y2 y3"), warnings);
    }

    @Test
    void brokenFilesDoNotKeepFromBeingServedWhatAKilledSupervisorHadStartedByItself()
            throws Exception {
        source.with("b", "0.2 /dev/b");
        try (Rig first = new Rig(directory, source)) {
            first.supervisor.takeUp();
            assertEquals(0, first.exports.hurries, "nobody waits yet");
            first.supervisor.stop(List.of("b"));
            assertEquals("started", first.state("a"));
        }
        source.mistake = "no sense";
        source.killed = true;
        try (Rig second = new Rig(directory, source)) {
            second.supervisor.takeUp();
            assertEquals("started", second.state("a"));
            assertEquals("stopped", second.state("b"));
            assertThrows(Exception.class, () -> second.supervisor.reload(List.of()));
            assertEquals("started", second.state("a"));
        }
    }

    /** With real files: they are copied aside, for their owner's eyes only, and gone at the end. */
    @Test
    void theConfigurationIsKeptWhileTheSupervisorLives() throws Exception {
        Path confd = directory.resolve("confd");
        Path settings = directory.resolve("settings");
        Path state = directory.resolve("state");
        Files.writeString(confd, "config_a=\"0 1 veth0 /dev/a\"\n");
        Files.writeString(settings, "vblade4j.daemon.autostart = true\n");
        VirtualScheduler clock = new VirtualScheduler();
        ConfigFiles files = new ConfigFiles(confd, settings, true);
        try (Supervisor supervisor =
                Supervisor.open(state, files, new FakeExports(), clock, Rig.TIMEOUTS)) {
            supervisor.takeUp();
            Path good = state.resolve("good");
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(good)));
            Files.writeString(confd, "config_a=\"0 x veth0 /dev/a\"\n");
            assertThrows(Exception.class, () -> supervisor.reload(List.of()));
            assertEquals("a", files.kept(good).orElseThrow().load().exports().get(0).name());
            Files.writeString(confd, "config_c=\"0 3 veth0 /dev/a\"\n");
            supervisor.reload(List.of());
            assertEquals("c", files.kept(good).orElseThrow().load().exports().get(0).name());

            Path included = directory.resolve("more");
            Files.writeString(settings, "include \"more\"\n");
            Files.writeString(included, "vblade4j.daemon.respawn-max = 7\n");
            supervisor.reload(List.of());
            Files.delete(included);
            assertEquals(7, files.kept(good).orElseThrow().load().daemon().restart().max());
        }
        assertFalse(Files.exists(state.resolve("good")));
    }

    /** An edit that comes while the files are read is not kept unseen. */
    @Test
    void whatIsKeptIsTheTextThatWasFoundWithoutFault() throws Exception {
        String line = "config_a=\"0 1 veth0 /dev/a\"\n";
        String setting = "vblade4j.daemon.respawn-max = 7\n";
        Path state = directory.resolve("state");
        try (EditedFile confd = EditedFile.make(directory.resolve("confd"), line);
                EditedFile settings = EditedFile.make(directory.resolve("settings"), setting);
                Supervisor supervisor =
                        Supervisor.open(
                                state,
                                new ConfigFiles(confd.path(), settings.path(), true),
                                new FakeExports(),
                                new VirtualScheduler(),
                                Rig.TIMEOUTS)) {
            assertEquals(1, supervisor.dump().size());
            assertEquals(line, Files.readString(state.resolve("good/vblade")));
            assertEquals(setting, Files.readString(state.resolve("good/vblade4j.conf")));
        }
    }

    /** And whoever waits for the supervisor is told, until one starts. */
    @Test
    void brokenFilesAreRefusedWhereNothingRanBefore() throws Exception {
        Path refused = directory.resolve("refused");
        source.mistake = "no sense";
        assertThrows(ConfigException.class, () -> new Rig(directory, source));
        assertTrue(Files.readString(refused).contains("no sense"), Files.readString(refused));
        source.mistake = "";
        new Rig(directory, source).close();
        assertFalse(Files.exists(refused));
    }

    @Test
    void brokenFilesAreRefusedWhereTheSupervisorBeforeEndedInOrder() throws Exception {
        try (Rig first = new Rig(directory, source)) {
            first.supervisor.startWith("z", "7.8 /dev/z");
        }
        source.mistake = "no sense";
        assertThrows(ConfigException.class, () -> new Rig(directory, source));
    }

    @Test
    void brokenFilesAreRefusedWhereEverythingWasStopped() throws Exception {
        try (Rig first = new Rig(directory, source)) {
            first.supervisor.startWith("z", "7.8 /dev/z");
            first.supervisor.stop(List.of("z"));
        }
        source.mistake = "no sense";
        assertThrows(ConfigException.class, () -> new Rig(directory, source));
    }
}
