// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.config.AccessOptions;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.config.Right;
import org.vblade4j.control.ControlServer;
import org.vblade4j.control.OperationException;

/** The commands that talk to a supervisor, against one that remembers what it was asked. */
class ControlCommandsTest {
    @TempDir Path directory;

    private final RecordingOperations supervisor = new RecordingOperations();
    private Path socket;
    private ControlServer server;

    @BeforeEach
    void listen() throws Exception {
        socket = directory.resolve("control.sock");
        server = new ControlServer(socket, supervisor);
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "start a b, 'start [a, b]'",
        "start --all, start []",
        "stop a, stop [a]",
        "stop --all, stop []",
        "restart a, restart [a]",
        "reload, reload []",
        "reload a, reload [a]",
        "status, status []",
        "status a, status [a]",
        "list, status []",
        "dump, dump",
        "shutdown --timeout 0, shutdown",
    })
    void aCommandReachesTheSupervisor(String words, String call) {
        Cli.Result result = vblade4j(words.split(" "));

        assertEquals(0, result.status(), result.err());
        assertEquals("", result.err());
        assertEquals(List.of(call), supervisor.calls);
    }

    @Test
    void aLineReachesTheSupervisorAsItIs() {
        String line = "-m 0:1:2:3:4:5 0 1 eth0 '/srv/my \"disk\".img'";

        assertEquals(0, vblade4j("start", "--line", line, "a").status());

        assertEquals(List.of("start a with " + line), supervisor.calls);
    }

    @Test
    void theSocketMayStandBeforeOrAfterTheCommandAndTheLastWins() {
        String path = socket.toString();
        String wrong = directory.resolve("wrong").toString();

        assertEquals(0, Cli.run("vblade4j", "--socket", path, "ping").status());
        assertEquals(0, Cli.run("vblade4j", "ping", "--socket", path).status());
        assertEquals(0, Cli.run("vblade4j", "ping", "--socket=" + path).status());
        assertEquals(0, Cli.run("vblade4j", "--socket", wrong, "ping", "--socket", path).status());
        assertEquals(7, Cli.run("vblade4j", "--socket", path, "ping", "--socket", wrong).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start a",
                "stop a",
                "restart a",
                "status",
                "list",
                "clients",
                "reload",
                "dump",
                "ping",
                "shutdown"
            })
    void withoutASupervisorEveryCommandExitsWithSeven(String words) {
        Path nobody = directory.resolve("nobody.sock");

        Cli.Result result = Cli.run(("vblade4j --socket " + nobody + " " + words).split(" "));

        assertEquals(7, result.status());
        assertEquals("", result.out());
        assertEquals("vblade4j: no supervisor answers at " + nobody + "\n", result.err());
    }

    @ParameterizedTest
    @EnumSource(OperationException.Kind.class)
    void aRefusalIsSaidInItsWordsAndHasItsStatus(OperationException.Kind kind) {
        supervisor.refusal = new OperationException(kind, "a: no disk\nb: no cable");

        Cli.Result result = vblade4j("start", "a", "b");

        assertEquals(kind.exitStatus(), result.status());
        assertEquals("vblade4j: a: no disk\nvblade4j: b: no cable\n", result.err());
    }

    private static Map<String, Object> client(String mac, int discovers, int reads, int writes) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", "a");
        row.put("mac", mac);
        row.put("first_seen", "2026-01-01T00:00:00Z");
        row.put("last_seen", "2026-01-01T00:01:00Z");
        row.put("discovers", discovers);
        row.put("reads", reads);
        row.put("writes", writes);
        row.put("configs", 0);
        row.put("refused", 3);
        row.put("dropped", 0);
        return row;
    }

    /** What is printed is a settings file that is read without a complaint. */
    @Test
    void seenClientsBecomeAnAccessList() throws Exception {
        supervisor.rows.add(client("02:00:00:00:00:0b", 1, 9, 5));
        supervisor.rows.add(client("02:00:00:00:00:0a", 1, 2, 0));
        supervisor.rows.add(client("02:00:00:00:00:0c", 0, 0, 0));
        supervisor.rows.add(client("others", 7, 7, 7));

        Cli.Result table = vblade4j("clients");
        Cli.Result acl = vblade4j("clients", "--acl", "a");
        Cli.Result mask = vblade4j("clients", "--acl-confd", "a");

        assertEquals(List.of("clients []", "clients [a]", "clients [a]"), supervisor.calls);
        assertEquals(5, table.out().lines().count());
        assertTrue(
                table.out()
                        .lines()
                        .toList()
                        .get(1)
                        .startsWith("a                02:00:00:00:00:0b"));
        assertEquals("# config_a\n-m 02:00:00:00:00:0a,02:00:00:00:00:0b\n", mask.out());
        Path confd = Files.writeString(directory.resolve("confd"), "config_a='0 1 eth0 /x'\n");
        Path settings = Files.writeString(directory.resolve("settings"), acl.out());
        AccessOptions access =
                new ConfigLoader(confd, settings).load().exports().get(0).options().access();
        assertEquals(EnumSet.of(Right.DISCOVER, Right.READ), access.rightsOf(0x02_00_00_00_00_0aL));
        assertEquals(
                EnumSet.of(Right.DISCOVER, Right.READ, Right.WRITE),
                access.rightsOf(0x02_00_00_00_00_0bL));
        assertEquals(EnumSet.noneOf(Right.class), access.rightsOf(0x02_00_00_00_00_0cL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "stop", "restart"})
    void allIsNeverMeantByAccident(String command) {
        Cli.Result nothing = vblade4j(command);
        Cli.Result both = vblade4j(command, "--all", "a");

        assertEquals(2, nothing.status());
        assertTrue(nothing.err().contains("which exports? give their names, or --all"));
        assertEquals(2, both.status());
        assertTrue(both.err().contains("either --all or names, not both"));
        assertEquals(List.of(), supervisor.calls);
    }

    @Test
    void aLineGoesWithOneName() {
        assertEquals(2, vblade4j("start", "--line", "0 1 eth0 /d", "a", "b").status());
        assertEquals(2, vblade4j("start", "--line", "0 1 eth0 /d", "--all").status());
        assertEquals(List.of(), supervisor.calls);
    }

    @Test
    void pingPrintsTheProcess() {
        Cli.Result result = vblade4j("ping");

        assertEquals(ProcessHandle.current().pid() + "\n", result.out());
    }

    @Test
    void statusIsATableForPeople() {
        supervisor.rows.add(
                RecordingOperations.row(
                        "vblade0",
                        "started",
                        "sectors",
                        3_000_000,
                        "open_mode",
                        "O_RDWR",
                        "state_seconds",
                        4000,
                        "last_error",
                        "from an earlier run"));
        supervisor.rows.add(
                RecordingOperations.row("b", "stopped", "state_seconds", 7, "last_error", ""));

        Cli.Result result = vblade4j("status");

        assertEquals(
                """
                NAME     STATE    ADDRESS  INTERFACE  SIZE     MODE    FOR   DEVICE
                vblade0  started  e0.1     eth0       1.4 GiB  O_RDWR  1h6m  /dev/sdb1
                b        stopped  e0.1     eth0       -        -       7s    /dev/sdb1
                """,
                result.out());
        assertEquals(0, result.status());
    }

    @Test
    void underACrashedExportStandsWhy() {
        supervisor.rows.add(RecordingOperations.row("a", "crashed", "last_error", "eth0 is gone"));

        Cli.Result result = vblade4j("status");

        assertTrue(result.out().endsWith("/dev/sdb1\n    eth0 is gone\n"), result.out());
        assertEquals(3, result.status());
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "started, a, 0",
        "stopped, a, 3",
        "starting, a, 3",
        "crashed, a, 3",
        "failed, a, 3",
        "started, '', 0",
        "stopped, '', 0",
        "crashed, '', 3",
        "failed, '', 3",
    })
    void statusTellsByItsExitStatus(String state, String name, int status) {
        supervisor.rows.add(RecordingOperations.row("a", state));

        String[] words = name.isEmpty() ? new String[] {"status"} : new String[] {"status", name};
        assertEquals(status, vblade4j(words).status());
        assertEquals(status, vblade4j(append(words, "--json")).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "list", "reload"})
    void jsonIsAnObjectALine(String command) {
        supervisor.rows.add(RecordingOperations.row("a", "started", "sectors", 8));
        supervisor.rows.add(RecordingOperations.row("b \"x\"", "started"));

        List<String> lines = vblade4j(command, "--json").out().lines().toList();

        assertEquals(2, lines.size());
        Config first = ConfigFactory.parseString(lines.get(0));
        assertEquals("a", first.getString("name"));
        assertEquals("started", first.getString("state"));
        assertEquals("b \"x\"", ConfigFactory.parseString(lines.get(1)).getString("name"));
    }

    @Test
    void listAndDumpPrintPlainLines() {
        supervisor.rows.add(RecordingOperations.row("a", "started"));
        supervisor.rows.add(RecordingOperations.row("b", "stopped"));

        assertEquals("a\nb\n", vblade4j("list").out());
        assertEquals("config_a=\"0 1 eth0 /dev/sdb1\"\n", vblade4j("dump").out());
    }

    @Test
    void aDumpOfFilesSaysWhoIsShutOutAndReadsBackTheSame() throws Exception {
        Path confd = Files.writeString(directory.resolve("confd"), "config_a='0 1 eth0 /dev/a'\n");
        Path nothing = Files.createFile(directory.resolve("nothing"));
        Path settings = directory.resolve("settings");
        Files.writeString(
                settings, "vblade4j.overrides.a.access.deny.write = [\"02:00:00:00:00:07\"]\n");
        String dump = dump(confd, settings);
        assertTrue(dump.contains("02:00:00:00:00:07"), dump);

        Path backup = Files.writeString(directory.resolve("backup"), dump);
        assertEquals(dump, dump(nothing, backup));
        assertEquals("config_a=\"0 1 eth0 /dev/a\"\n", dump(confd, nothing));
    }

    private static String dump(Path confd, Path settings) {
        Cli.Result result =
                Cli.run(
                        "vblade4j",
                        "dump",
                        "--confd",
                        confd.toString(),
                        "--settings",
                        settings.toString());
        assertEquals(0, result.status(), result.err());
        return result.out();
    }

    @Test
    void reloadSaysWhatBecameOfEachExport() {
        supervisor.rows.add(RecordingOperations.row("a", "started", "result", "restarted"));

        assertEquals("a: restarted\n", vblade4j("reload").out());
    }

    @Test
    void shutdownComplainsWhenTheSupervisorStays() {
        Cli.Result result = vblade4j("shutdown", "--timeout", "1");

        assertEquals(1, result.status());
        assertEquals("vblade4j: the supervisor still answers after 1 s\n", result.err());
    }

    private Cli.Result vblade4j(String... words) {
        String[] before = {"vblade4j", "--socket", socket.toString()};
        String[] all = new String[before.length + words.length];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(words, 0, all, before.length, words.length);
        return Cli.run(all);
    }

    private static String[] append(String[] words, String word) {
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = word;
        return all;
    }
}
