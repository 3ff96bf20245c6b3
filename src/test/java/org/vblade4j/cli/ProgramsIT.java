// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;

/** What is in bin, as built, on a virtual cable. */
@Tag("live")
@ExtendWith(PrivateNetworkExtension.class)
class ProgramsIT {
    private static final int SECTORS = 4096;

    @TempDir Path directory;

    private Launched bin;
    private Path image;

    @BeforeEach
    void connect(PrivateNetwork network) throws IOException {
        network.veth("target0", 0x020000000001L, "client0", 0x020000000002L, 1500);
        bin = new Launched(directory);
        image = disk("disk.img");
    }

    @AfterEach
    void killWhatIsLeft() {
        bin.close();
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void vbladeServesUntilASignalEndsIt(String signal, int status) throws Exception {
        Launched.Running vblade = bin.start("vblade", "1", "2", "target0", image.toString(), "-r");
        long pid = vblade.process().pid();
        vblade.awaitOut("pid " + pid + ": e1.2, " + SECTORS + " sectors O_RDONLY\n");

        assertTrue(discovered().startsWith("e1.2 "), discovered());
        vblade.signal(signal);

        assertEquals(status, vblade.awaitEnd());
        assertEquals("", discovered());
    }

    @ParameterizedTest(name = "vblade {0}")
    @CsvSource({
        "1 1 target0 /no/such/disk, 1",
        "1 1 nowhere0 IMAGE, 1",
        "-o 4096 1 1 target0 IMAGE, 1",
        "-q 1 1 target0 IMAGE, 2",
    })
    void whatCannotBeServedIsOneClearErrorInBothPrograms(String words, int status)
            throws Exception {
        bin.tool("logger", "cat >>" + directory + "/syslog");
        for (String program : new String[] {"vblade", "vbladed"}) {
            Cli.Result result = bin.run(program, words.replace("IMAGE", "" + image).split(" "));

            assertEquals(status, result.status(), result.err());
            assertEquals("", result.out());
            assertTrue(result.err().startsWith("vblade: "), result.err());
            assertFalse(result.err().contains("Exception"), result.err());
        }
    }

    @Test
    void vbladedReturnsWhenItsExportIsUpAndLogsThroughLogger() throws Exception {
        Path syslog = directory.resolve("syslog");
        bin.tool("logger", "while read -r l; do echo \"$2: $l\" >>" + syslog + "; done");

        Cli.Result result = bin.run("vbladed", "1", "2", "target0", image.toString());

        assertEquals(new Cli.Result(0, "", ""), result);
        assertTrue(discovered().startsWith("e1.2 "));
        String line = Files.readString(syslog);
        assertTrue(line.matches("(?s).*vbladed: pid \\d+: e1\\.2, 4096 sectors O_RDWR\n.*"), line);
        long pid = Long.parseLong(line.replaceAll("(?s).*vbladed: pid (\\d+):.*", "$1"));
        ProcessHandle daemon = ProcessHandle.of(pid).orElseThrow();
        daemon.destroy();
        daemon.onExit().get(30, TimeUnit.SECONDS);
        assertEquals("", discovered());
    }

    @Test
    void vbladedServesWithoutASyslogToo() throws Exception {
        bin.tool("logger", "exit 1");

        Cli.Result result = bin.run("vbladed", "1", "2", "target0", image.toString());

        assertEquals(0, result.status(), result.err());
        assertTrue(discovered().startsWith("e1.2 "));
        ProcessHandle daemon =
                ProcessHandle.allProcesses()
                        .filter(process -> argumentsHold(process, image.toString()))
                        .findFirst()
                        .orElseThrow();
        daemon.destroy();
        daemon.onExit().get(30, TimeUnit.SECONDS);
    }

    @Test
    void verifyComparesEverySectorAndWritesOnlyWhenTold() throws Exception {
        Launched.Running vblade = bin.start("vblade", "1", "2", "target0", image.toString());
        vblade.awaitOut(" sectors O_RDWR\n");

        Cli.Result empty = bin.run("aoe", "verify", "-i", "client0", "e1.2");
        assertEquals(1, empty.status());
        assertTrue(empty.err().contains(SECTORS + " sectors differ, the first is 0"), empty.err());
        assertEquals(-1, Files.mismatch(image, disk("zeros.img")));

        Cli.Result written = bin.run("aoe", "verify", "--write", "-i", "client0", "e1.2");
        assertEquals(0, written.status(), written.err());
        assertEquals(0, bin.run("aoe", "verify", "-i", "client0", "e1.2").status());
        assertEquals(1, bin.run("aoe", "verify", "-i", "client0", "--seed=2", "e1.2").status());
        assertEquals(4, bin.run("aoe", "verify", "-i", "client0", "e1.3").status());
    }

    @Test
    void verifySaysWhyItCannotTellWhatATargetHolds() throws Exception {
        Launched.Running vblade = bin.start("vblade", "-r", "1", "2", "target0", image.toString());
        vblade.awaitOut(" sectors O_RDONLY\n");

        Cli.Result refused = bin.run("aoe", "verify", "--write", "-i", "client0", "e1.2");
        assertEquals(1, refused.status());
        assertEquals("", refused.out());
        assertTrue(refused.err().startsWith("e1.2: refuses writes, at byte 0; "), refused.err());

        Files.write(image, new byte[0]);
        Cli.Result empty = bin.run("aoe", "verify", "-i", "client0", "e1.2");
        if (empty.err().contains("has become smaller")) { // the target looks once a second
            TimeUnit.SECONDS.sleep(2);
            empty = bin.run("aoe", "verify", "-i", "client0", "e1.2");
        }
        assertEquals(1, empty.status());
        assertEquals("aoe: e1.2 has no sectors: nothing to verify\n", empty.err());
    }

    @Test
    void theSupervisorDoesWhatTheCommandsSay() throws Exception {
        Path confd = directory.resolve("vblade");
        Files.writeString(
                confd,
                "config_a=\"1 1 target0 "
                        + image
                        + "\"\nconfig_b='-r 1 2 target0 "
                        + image
                        + "'\n");
        Launched.Running supervisor = supervise(confd);

        assertEquals("a\nb\n", ask("list").out());
        assertEquals(0, ask("start", "a", "b").status());
        assertEquals(2, discovered().lines().count());
        assertEquals(0, ask("status", "a", "b").status());
        assertTrue(ask("status").out().contains("O_RDONLY"), ask("status").out());
        assertEquals(0, ask("stop", "b").status());
        assertEquals(3, ask("status", "b").status());
        assertTrue(discovered().startsWith("e1.1 "));
        assertEquals(1, discovered().lines().count());
        assertEquals(2, ask("status", "unknown").status());
        assertEquals(0, ask("restart", "a").status());
        assertTrue(ask("dump").out().contains("config_a=\"1 1 target0 " + image + "\"\n"));
        assertEquals(0, ask("start", "--line", "-r 1 9 target0 " + image, "b").status());
        assertTrue(discovered().contains("e1.9 "));
        assertEquals(1, ask("start", "--line", "1 1 target0 " + image, "b").status());

        Files.writeString(confd, "config_a=\"1 3 target0 " + image + "\"\nconfig_b=nonsense\n");
        assertEquals(1, ask("reload").status());
        assertTrue(discovered().startsWith("e1.1 "));
        Files.writeString(confd, "config_a=\"1 3 target0 " + image + "\"\n");
        assertEquals(0, ask("reload").status());
        assertTrue(discovered().startsWith("e1.3 "), discovered());

        assertEquals(0, ask("shutdown").status());
        assertEquals(0, supervisor.awaitEnd(), Files.readString(supervisor.err()));
        assertEquals(7, ask("status").status());
        assertEquals("", discovered());
    }

    @ParameterizedTest
    @CsvSource({"TERM", "INT"})
    void theSupervisorEndsInOrderOnASignalAndReloadsOnAnother(String signal) throws Exception {
        Path confd = directory.resolve("vblade");
        Files.writeString(confd, "config_a=\"1 1 target0 " + image + "\"\n");
        Launched.Running supervisor = supervise(confd);
        assertEquals(0, ask("start", "a").status());

        Files.writeString(confd, "config_a=\"1 4 target0 " + image + "\"\n");
        supervisor.signal("HUP");
        for (int i = 0; i < 20 && !discovered().startsWith("e1.4 "); i++) {
            assertTrue(supervisor.process().isAlive(), Files.readString(supervisor.err()));
        }
        assertTrue(discovered().startsWith("e1.4 "));
        supervisor.signal(signal);

        assertEquals(0, supervisor.awaitEnd(), Files.readString(supervisor.err()));
        assertEquals(7, ask("ping").status());
    }

    @Test
    void aBrokenConfigurationIsRefusedWithEveryProblem() throws Exception {
        Path confd = directory.resolve("vblade");
        Files.writeString(confd, "config_a=\"1 1 target0 /no/such/disk\"\nconfig_b=\"x\"\n");
        Path settings = Files.writeString(directory.resolve("vblade4j.conf"), "");
        String[] files = {"--confd", confd.toString(), "--settings", settings.toString()};

        Cli.Result check =
                bin.run("vblade4j", "checkconfig", files[0], files[1], files[2], files[3]);
        assertEquals(1, check.status());
        assertTrue(check.err().contains(confd + ":2: "), check.err());

        Files.writeString(confd, "config_a=\"1 1 nowhere0 /no/such/disk\"\n");
        check = bin.run("vblade4j", "checkconfig", files[0], files[1], files[2], files[3]);
        assertEquals(1, check.status());
        assertTrue(check.err().contains("nowhere0"), check.err());
        assertTrue(check.err().contains("/no/such/disk"), check.err());
    }

    private Launched.Running supervise(Path confd) throws Exception {
        Path settings = Files.writeString(directory.resolve("vblade4j.conf"), "");
        Launched.Running supervisor =
                bin.start(
                        "vblade4j", "supervise",
                        "--confd", confd.toString(),
                        "--settings", settings.toString(),
                        "--socket", socket(),
                        "--state-dir", directory.resolve("state").toString(),
                        "--data-dir", directory.resolve("data").toString());
        for (int i = 0; ask("ping").status() != 0; i++) {
            assertTrue(i < 100 && supervisor.process().isAlive(), log(supervisor));
        }
        return supervisor;
    }

    private static String log(Launched.Running supervisor) throws IOException {
        return Files.readString(supervisor.err());
    }

    private Cli.Result ask(String... words) throws Exception {
        String[] all = new String[words.length + 2];
        all[0] = "--socket";
        all[1] = socket();
        System.arraycopy(words, 0, all, 2, words.length);
        return bin.run("vblade4j", all);
    }

    private String discovered() throws Exception {
        Cli.Result result = bin.run("aoe", "discover", "-i", "client0", "--timeout", "0.3");
        assertEquals(0, result.status(), result.err());
        return result.out();
    }

    private String socket() {
        return directory.resolve("control.sock").toString();
    }

    private Path disk(String name) throws IOException {
        return Files.write(directory.resolve(name), new byte[SECTORS * 512]);
    }

    private static boolean argumentsHold(ProcessHandle process, String word) {
        return process.info().arguments().map(List::of).stream()
                .anyMatch(arguments -> arguments.contains(word));
    }
}
