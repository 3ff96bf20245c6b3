// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Two programs after one disk or one address: what is in bin, and the C program. */
@Tag("live")
@Timeout(120)
@ExtendWith(PrivateNetworkExtension.class)
class GuardsIT {
    private static final String C_PROGRAM = "/usr/sbin/vblade";
    private static final String RIVAL = "02:00:00:00:00:02";

    /** What the service has: root without the capabilities that see into other processes. */
    private static final String[] CONFINED = {
        "setpriv", "--bounding-set", "-all,+net_raw", "--inh-caps", "-all,+net_raw"
    };

    @TempDir Path directory;
    private Launched bin;
    private Path image;
    private Process elsewhere;
    private Process original;

    @BeforeEach
    void connect(PrivateNetwork network) throws IOException {
        network.veth("target0", 0x020000000001L, "client0", 0x020000000002L, 1500);
        bin = new Launched(directory);
        image = disk("disk.img");
    }

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        for (Process process : new Process[] {original, elsewhere}) {
            if (process != null) {
                process.destroyForcibly().waitFor();
            }
        }
        bin.close();
    }

    private Path disk(String name) throws IOException {
        return Files.write(directory.resolve(name), new byte[1 << 20]);
    }

    private static Process run(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The other end of the cable in a namespace of its own, as on another machine. */
    private long moveRivalAway(PrivateNetwork network) throws Exception {
        elsewhere = run("unshare", "-n", "sleep", "600");
        long pid = elsewhere.pid();
        Path namespace = Path.of("/proc/" + pid + "/ns/net");
        Path here = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"));
        while (Files.readSymbolicLink(namespace).equals(here)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        network.ip("link", "set", "client0", "netns", String.valueOf(pid));
        String[] up = {"nsenter", "-t", "" + pid, "-n", "ip", "link", "set", "client0", "up"};
        assertEquals(0, run(up).waitFor());
        network.awaitUp("target0");
        return pid;
    }

    private Process rivalAt(long pid, Path rivalsDisk) throws IOException {
        return run(
                "nsenter", "-t", "" + pid, "-n", C_PROGRAM, "1", "2", "client0", "" + rivalsDisk);
    }

    private void awaitAnswer(String interfaceName) throws Exception {
        for (int i = 0; ; i++) {
            Cli.Result found = bin.run("aoe", "discover", "-i", interfaceName, "--timeout", "0.3");
            if (found.out().startsWith("e1.2 ")) {
                return;
            }
            assertTrue(i < 20, "no answer: " + found.err());
        }
    }

    @Test
    void aFileIsServedByOneProgram() throws Exception {
        Launched.Running first = bin.start("vblade", "1", "2", "target0", image.toString());
        first.awaitOut(" sectors O_RDWR\n");
        Path link = Files.createLink(directory.resolve("another name"), image);

        Cli.Result second = bin.run("vblade", "1", "3", "target0", link.toString());
        assertEquals(1, second.status());
        assertTrue(
                second.err().contains(": locked by process " + first.process().pid()),
                second.err());
        Launched.Running reader = bin.start("vblade", "-r", "1", "4", "target0", link.toString());
        reader.awaitOut(" sectors O_RDONLY\n");
        String[] forced = {"--device-in-use=warn", "1", "5", "target0", link.toString()};
        Launched.Running third = bin.start("vblade", forced);
        third.awaitOut(" sectors O_RDWR\n");
        assertTrue(Files.readString(third.err()).contains("two writers"), "no warning");
    }

    @Test
    void theOriginalProgramIsSeenAlsoByAConfinedOne() throws Exception {
        original = run(C_PROGRAM, "1", "2", "target0", image.toString());
        awaitAnswer("client0");
        String who = "open for writing by process " + original.pid() + " (vblade)";

        Cli.Result refused = bin.run("vblade", "1", "3", "target0", image.toString());
        assertEquals(1, refused.status());
        assertTrue(refused.err().contains(image + ": " + who), refused.err());

        Cli.Result confined = bin.runUnder(CONFINED, "vblade", "1", "3", "target0", "" + image);
        assertEquals(1, confined.status());
        assertTrue(confined.err().contains(who), confined.err());
    }

    @Test
    void anAddressThatAnotherTargetHasIsNotTaken(PrivateNetwork network) throws Exception {
        long away = moveRivalAway(network);
        original = rivalAt(away, disk("rival.img"));
        awaitAnswer("target0");

        Cli.Result refused = bin.run("vblade", "1", "2", "target0", image.toString());
        assertEquals(1, refused.status());
        String what = "e1.2 on target0 is served by another target, " + RIVAL;
        assertTrue(refused.err().contains(what), refused.err());
        bin.start("vblade", "1", "3", "target0", image.toString()).awaitOut(" sectors O_RDWR\n");
        String other = disk("other.img").toString();
        String[] forced = {"--address-in-use", "warn", "1", "2", "target0", other};
        Launched.Running both = bin.start("vblade", forced);
        both.awaitOut(" sectors O_RDWR\n");
        assertTrue(Files.readString(both.err()).contains(what), Files.readString(both.err()));
    }

    @Test
    void aTargetThatComesLaterIsReported(PrivateNetwork network) throws Exception {
        long away = moveRivalAway(network);
        Path confd =
                Files.writeString(
                        directory.resolve("vblade"), "config_a=\"1 2 target0 " + image + "\"\n");
        Path settings = Files.writeString(directory.resolve("vblade4j.conf"), "");
        String socket = directory.resolve("control.sock").toString();
        Launched.Running supervisor =
                bin.start(
                        "vblade4j", "supervise",
                        "--confd", confd.toString(),
                        "--settings", settings.toString(),
                        "--socket", socket,
                        "--state-dir", directory.resolve("run").toString(),
                        "--data-dir", directory.resolve("data").toString());
        awaitLog(supervisor, "a: started");
        original = rivalAt(away, disk("rival.img"));
        awaitLog(supervisor, "a: " + RIVAL + " answers as e1.2 on target0 too");
        Cli.Result status = bin.run("vblade4j", "--socket", socket, "status", "--json", "a");
        assertEquals(0, status.status());
        String json = status.out();
        assertTrue(json.contains("\"address_conflict\":\"" + RIVAL + "\""), json);
        String table = bin.run("vblade4j", "--socket", socket, "status", "a").out();
        assertTrue(table.contains(RIVAL + " answers under the same address"), table);
    }

    private static void awaitLog(Launched.Running program, String text) throws Exception {
        for (int i = 0; !Files.readString(program.err()).contains(text); i++) {
            assertTrue(i < 1000 && program.process().isAlive(), Files.readString(program.err()));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
