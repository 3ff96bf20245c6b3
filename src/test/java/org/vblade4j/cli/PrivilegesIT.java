// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.testing.Stranger;

/** What the programs of bin keep of root's rights when root starts them by hand. */
@Tag("live")
@Timeout(180)
@ExtendWith(PrivateNetworkExtension.class)
class PrivilegesIT {
    private static final String NOTHING = "0000000000000000";
    private static final String NET_RAW = "0000000000002000";
    private static final String NET_RAW_AND_FILES = "0000000000002002";

    @TempDir Path directory;
    private Launched bin;
    private Path image;

    @BeforeEach
    void connect(PrivateNetwork network) throws IOException {
        network.veth("target0", 0x020000000001L, "client0", 0x020000000002L, 1500);
        bin = new Launched(directory);
        image = Files.write(directory.resolve("disk.img"), new byte[1 << 20]);
    }

    @AfterEach
    void end() {
        bin.close();
    }

    private static String status(long pid, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static void assertConfined(long pid, String capabilities) throws IOException {
        for (String set : List.of("CapEff", "CapPrm", "CapBnd")) {
            assertEquals(capabilities, status(pid, set), set);
        }
        for (String set : List.of("CapInh", "CapAmb")) {
            assertEquals(NOTHING, status(pid, set), set);
        }
        assertEquals("1", status(pid, "NoNewPrivs"));
    }

    private static void awaitText(Launched.Running program, String text) throws Exception {
        for (int i = 0; !Files.readString(program.err()).contains(text); i++) {
            assertTrue(i < 3000 && program.process().isAlive(), Files.readString(program.err()));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** A process that was started with these words at its end. */
    private static ProcessHandle started(String... words) throws IOException {
        String end = "\0" + String.join("\0", words) + "\0";
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            Path commandLine = Path.of("/proc/" + process.pid() + "/cmdline");
            if (Files.isReadable(commandLine)
                    && new String(Files.readAllBytes(commandLine), StandardCharsets.UTF_8)
                            .endsWith(end)) {
                return process;
            }
        }
        throw new AssertionError("no process with " + List.of(words));
    }

    @Test
    void vbladeKeepsRawSocketsOnly() throws Exception {
        Launched.Running vblade = bin.start("vblade", "1", "2", "target0", image.toString());
        vblade.awaitOut(" sectors O_RDWR\n");
        assertConfined(vblade.process().pid(), NET_RAW);
    }

    @Test
    void vbladedKeepsRawSocketsOnly() throws Exception {
        bin.tool("logger", "exec cat >/dev/null");
        assertEquals(0, bin.run("vbladed", "1", "2", "target0", image.toString()).status());
        ProcessHandle vbladed = started("vblade", "1", "2", "target0", image.toString());
        try {
            assertConfined(vbladed.pid(), NET_RAW);
        } finally {
            vbladed.destroy();
            vbladed.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    /** What root could serve before it can serve still. */
    @Test
    void anotherUsersImageIsServedByOneWhoMayOpenFiles() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path foreign = directory.resolve("private/foreign.img");
        Stranger.run("sh", "-c", "umask 077; mkdir " + foreign.getParent());
        Stranger.run("sh", "-c", "umask 077; truncate -s 1M " + foreign);
        Launched.Running vblade = bin.start("vblade", "1", "2", "target0", foreign.toString());
        vblade.awaitOut(" sectors O_RDWR\n");
        assertConfined(vblade.process().pid(), NET_RAW_AND_FILES);
    }

    @Test
    void aoeKeepsRawSocketsOnlyAndRightsToFilesWhereItIsGivenFiles() throws Exception {
        Launched.Running vblade = bin.start("vblade", "1", "2", "target0", image.toString());
        vblade.awaitOut(" sectors O_RDWR\n");
        Launched.Running watch = bin.start("aoe", "watch", "-i", "client0");
        assertEquals(0, bin.run("aoe", "stat", "-i", "client0").status());
        assertConfined(watch.process().pid(), NET_RAW);

        Path socket = directory.resolve("nbd.sock");
        Launched.Running nbd =
                bin.start("aoe", "nbd", "-i", "client0", "--socket", "" + socket, "e1.2");
        for (int i = 0; Files.notExists(socket); i++) {
            assertTrue(i < 3000 && nbd.process().isAlive(), Files.readString(nbd.err()));
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertConfined(nbd.process().pid(), "0000000000002402");
    }

    private Launched.Running supervisor(String settings, String... before) throws Exception {
        Path confd =
                Files.writeString(
                        directory.resolve("vblade"), "config_a=\"1 2 target0 " + image + "\"\n");
        Path conf = Files.writeString(directory.resolve("vblade4j.conf"), settings);
        Launched.Running supervisor =
                bin.startAfter(
                        List.of(before),
                        "vblade4j",
                        "supervise",
                        "--confd",
                        confd.toString(),
                        "--settings",
                        conf.toString(),
                        "--socket",
                        directory.resolve("control.sock").toString(),
                        "--state-dir",
                        directory.resolve("run").toString(),
                        "--data-dir",
                        directory.resolve("data").toString());
        awaitText(supervisor, "a: started");
        return supervisor;
    }

    @Test
    void aSupervisorKeepsRawSocketsAndItsSystemCallsOnly() throws Exception {
        Launched.Running supervisor = supervisor("");
        long pid = supervisor.process().pid();
        assertConfined(pid, NET_RAW);
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                assertEquals(
                        "2",
                        status(Long.parseLong(task.getFileName().toString()), "Seccomp"),
                        Files.readString(task.resolve("comm")));
            }
        }
        String said = Files.readString(supervisor.err());
        assertTrue(!said.contains("capabilities") && !said.contains("not filtered"), said);
        String socket = directory.resolve("control.sock").toString();
        Cli.Result set = bin.run("aoe", "config", "-i", "client0", "set", "e1.2", "hello");
        assertEquals(0, set.status(), set.err());
        for (String command : List.of("status", "reload", "dump", "list")) {
            Cli.Result result = bin.run("vblade4j", "--socket", socket, command);
            assertEquals(0, result.status(), result.err());
        }
        for (String command : List.of("restart", "stop", "start")) {
            Cli.Result result = bin.run("vblade4j", "--socket", socket, command, "a");
            assertEquals(0, result.status(), result.err());
        }
        assertEquals(0, bin.run("vblade4j", "--socket", socket, "shutdown").status());
        assertEquals(0, supervisor.awaitEnd());
    }

    @Test
    void whoSaysNoKeepsEverythingAndTheLogSaysSo() throws Exception {
        Launched.Running supervisor =
                supervisor("vblade4j.daemon.seccomp = false", "export VBLADE_CONFINE=no");
        long pid = supervisor.process().pid();
        assertEquals("0", status(pid, "NoNewPrivs"));
        assertEquals("0", status(pid, "Seccomp"));
        assertEquals(status(ProcessHandle.current().pid(), "CapBnd"), status(pid, "CapEff"));
        String said = Files.readString(supervisor.err());
        assertTrue(said.contains("has all of root's capabilities and needs one"), said);
    }
}
