// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.export.LanClient;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

/** What initiators change, kept by a real supervisor on real file systems, full ones too. */
@Tag("live")
@Timeout(180)
@ExtendWith(PrivateNetworkExtension.class)
class StateIT {
    private static final AoeAddress ADDRESS = new AoeAddress(1, 2);
    private static final long CLIENT = 0x020000000002L;
    private static final long OTHER = 0x020000000009L;

    @TempDir Path directory;
    private Launched bin;
    private Path confd;
    private Path settings;
    private Launched.Running supervisor;
    private EthernetPort port;
    private LanClient client;

    @BeforeEach
    void connect(PrivateNetwork network) throws Exception {
        network.veth("target0", 0x020000000001L, "client0", CLIENT, 1500);
        bin = new Launched(directory);
        Path image = Files.write(directory.resolve("disk.img"), new byte[1 << 20]);
        confd =
                Files.writeString(
                        directory.resolve("vblade"), "config_a=\"1 2 target0 " + image + "\"\n");
        settings = Files.writeString(directory.resolve("vblade4j.conf"), "");
        port = new RingPorts().open(PortOptions.forInitiator("client0", 64, 16), new Counters());
        client = new LanClient(port);
    }

    @AfterEach
    void end() {
        port.close();
        bin.close();
    }

    private Path data() {
        return directory.resolve("data");
    }

    /** Starts it from a shell that does something before. */
    private void supervise(String... before) throws Exception {
        String[] arguments = {
            "supervise",
            "--confd",
            confd.toString(),
            "--settings",
            settings.toString(),
            "--socket",
            socket(),
            "--state-dir",
            directory.resolve("run").toString(),
            "--data-dir",
            data().toString()
        };
        supervisor = bin.startAfter(List.of(before), "vblade4j", arguments);
        for (int i = 0; client.query(ADDRESS, 100_000_000L) == null; i++) {
            assertTrue(i < 300 && supervisor.process().isAlive(), log());
        }
    }

    private void awaitLog(String text) throws Exception {
        for (int i = 0; !log().contains(text); i++) {
            assertTrue(i < 1500 && supervisor.process().isAlive(), log());
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private String log() throws IOException {
        return Files.readString(supervisor.err());
    }

    private String socket() {
        return directory.resolve("control.sock").toString();
    }

    private Cli.Result ask(String... words) throws Exception {
        return bin.run(
                "vblade4j",
                Stream.concat(Stream.of("--socket", socket()), Stream.of(words))
                        .toArray(String[]::new));
    }

    private void kill() throws Exception {
        supervisor.signal("KILL");
        supervisor.awaitEnd();
    }

    @Test
    void whatWasAnsweredSurvivesAKillAndADamagedFileIsNotObeyed() throws Exception {
        supervise();
        assertEquals(0, client.setConfig(ADDRESS, "rack 7\n"));
        assertEquals(0, client.reserve(ADDRESS, OTHER));
        assertEquals(2, client.addToMask(ADDRESS, OTHER)); // for admins, of which there are none
        awaitLog("a: 02:00:00:00:00:02 changed the config string from \"\" to \"rack 7\\x0a\"");
        awaitLog("changed the reservation from [] to [02:00:00:00:00:09]");
        awaitLog("a: 02:00:00:00:00:02 may not change the MAC mask");
        Cli.Result edit = bin.run("aoe", "mask", "-i", "client0", "add", "e1.2", Mac.format(OTHER));
        assertEquals("aoe: e1.2 refuses edits of its mask list\n", edit.err());
        kill();

        Path file = data().resolve("a.state");
        byte[] kept = Files.readAllBytes(file);
        supervise();
        assertEquals("rack 7\n", client.config(ADDRESS));
        awaitLog(
                "a: from "
                        + file
                        + ": config string \"rack 7\\x0a\", MAC mask [], reservation [02");
        assertEquals(0, client.setConfig(ADDRESS, ""));
        assertEquals("", client.config(ADDRESS));

        assertEquals(0, ask("stop", "a").status());
        Files.write(file, Arrays.copyOf(kept, kept.length - 3));
        Cli.Result refused = ask("start", "a");
        assertEquals(1, refused.status());
        assertTrue(refused.err().contains(file + ": not used: "), refused.err());
        Files.write(file, kept);
        assertEquals(0, ask("start", "a").status());
        assertEquals("rack 7\n", client.config(ADDRESS));
    }

    @Test
    void fullDisksForStateAndLogStopNothing(PrivateNetwork network) throws Exception {
        List<String> full = List.of("data", "run", "logs");
        for (String name : full) {
            Path mount = Files.createDirectory(directory.resolve(name));
            network.run(
                    List.of(
                            "mount",
                            "-t",
                            "tmpfs",
                            "-o",
                            "size=64k,mode=700",
                            "tmpfs",
                            mount.toString()));
        }
        supervise("exec 2>" + directory.resolve("logs/log"));
        assertEquals(0, client.setConfig(ADDRESS, "before"));
        for (String name : full) {
            fill(directory.resolve(name).resolve("filler"));
        }

        assertEquals(3, client.setConfig(ADDRESS, "after")); // device unavailable
        assertEquals(3, client.reserve(ADDRESS, OTHER));
        assertEquals("before", client.config(ADDRESS));
        assertTrue(ask("list").out().contains("a"));
        Files.writeString(confd, "config_a=\"1 2 target0\"\n");
        assertNotEquals(0, ask("reload").status());
        assertEquals("before", client.config(ADDRESS));
        assertEquals(0, ask("status", "a").status());

        Files.delete(directory.resolve("data/filler"));
        assertEquals(0, client.setConfig(ADDRESS, "after"));
        assertEquals("after", client.config(ADDRESS));
        kill();
        for (String name : full) {
            network.run(List.of("umount", directory.resolve(name).toString()));
        }
    }

    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[512]);
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("No space left"), e.getMessage());
        }
    }

    @Test
    void noFileOfOursIsWritableByOthersWhateverTheUmask() throws Exception {
        supervise("umask 000");
        assertEquals(0, client.setConfig(ADDRESS, "x"));
        assertEquals(0, ask("stop", "a").status());
        assertEquals(0, ask("start", "a").status());
        assertTrue(Files.exists(data().resolve("a.state")));
        for (Path top : List.of(data(), directory.resolve("run"), Path.of(socket()))) {
            try (Stream<Path> files = Files.walk(top)) {
                for (Path file : files.toList()) {
                    var modes = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
                    String shown = file + " " + PosixFilePermissions.toString(modes);
                    assertTrue(!modes.contains(PosixFilePermission.OTHERS_WRITE), shown);
                    assertTrue(!modes.contains(PosixFilePermission.GROUP_WRITE), shown);
                }
            }
        }
    }

    @Test
    void aGroupMayLookOrDoAllAsConfigured() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(settings, "vblade4j.daemon.control-group = daemon\n");
        supervise();
        String[] member = {"setpriv", "--reuid", "65534", "--regid", "65534", "--groups", "daemon"};
        String[] stranger = {"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"};
        assertTrue(socat(member, "list").contains("\"name\":\"a\""), socat(member, "list"));
        assertTrue(socat(member, "stop a").contains("may not stop"), socat(member, "stop a"));
        assertTrue(socat(stranger, "list").contains("Permission denied"));
        assertTrue(log().contains("refused a command from user nobody"), log());
        kill();
        Files.writeString(
                settings, "vblade4j.daemon { control-group = daemon, control-group-may = all }\n");
        supervise();
        assertEquals("{\"ok\":true}\n", socat(member, "stop a"));
    }

    private String socat(String[] runAs, String command) throws Exception {
        Path request = Files.writeString(directory.resolve("request"), command + "\n");
        ProcessBuilder builder = new ProcessBuilder(runAs);
        builder.command().addAll(List.of("socat", "-t5", "-", "UNIX-CONNECT:" + socket()));
        Process process = builder.redirectInput(request.toFile()).redirectErrorStream(true).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return answer;
    }
}
