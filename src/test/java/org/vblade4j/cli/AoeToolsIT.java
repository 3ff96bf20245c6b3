// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.store.Patterns;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;

/** The commands of aoe against the C program and against ours, on virtual cables. */
@Tag("live")
@Timeout(120)
@ExtendWith(PrivateNetworkExtension.class)
class AoeToolsIT {
    private static final int SECTORS = 8192;
    private static final String MAC = "02:00:00:00:00:20";
    private static final String OTHER = "02:00:00:00:00:99";
    private static final String TARGET = "02:00:00:00:00:10";

    /** aoecfg discards frames below 60 bytes, which the C program's are with a shorter string. */
    private static final String STRING = "owner=alpha, and long enough for aoecfg to see it";

    private final List<Process> processes = new ArrayList<>();

    @TempDir Path directory;
    private Launched bin;

    @BeforeEach
    void connect(PrivateNetwork network) throws Exception {
        cable(network, 0, 1500);
        bin = new Launched(directory);
    }

    @AfterEach
    void killWhatIsLeft() {
        processes.forEach(Process::destroyForcibly);
        bin.close();
    }

    private static void cable(PrivateNetwork network, int number, int mtuBytes) {
        network.veth(
                "target" + number,
                0x0200_0000_0010L + number,
                "client" + number,
                0x0200_0000_0020L + number,
                mtuBytes);
    }

    private Path image(long seed) throws Exception {
        return Files.write(directory.resolve("disk" + seed), Patterns.random(seed, SECTORS * 512));
    }

    /**
     * @param program vblade, the C program, or bin/vblade
     */
    private void serve(String program, String netif, Path image) throws Exception {
        if (program.equals("bin/vblade")) {
            bin.start("vblade", "7", "3", netif, image.toString()).awaitOut("sectors O_RDWR");
            return;
        }
        Path log = Files.createTempFile(directory, "vblade", ".log");
        Process process =
                new ProcessBuilder(program, "7", "3", netif, image.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        processes.add(process);
        while (!Files.readString(log).contains("sectors O_RDWR")) {
            assertTrue(process.isAlive(), () -> "vblade ended: " + log);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static Cli.Result aoe(String... words) {
        List<String> all = new ArrayList<>(List.of("aoe"));
        all.addAll(List.of(words));
        return Cli.run(all.toArray(new String[0]));
    }

    private static String ok(String... words) {
        Cli.Result result = aoe(words);
        assertEquals(0, result.status(), result.toString());
        assertEquals("", result.err());
        return result.out();
    }

    private static String refused(int status, String... words) {
        Cli.Result result = aoe(words);
        assertEquals(status, result.status(), result.toString());
        return result.err();
    }

    private static Config json(String... words) {
        return ConfigFactory.parseString(ok(words));
    }

    private static String tool(PrivateNetwork network, String... command) {
        return network.run(List.of(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vblade", "bin/vblade"})
    void showWhatIsThere(String program) throws Exception {
        serve(program, "target0", image(1));

        String line = "      e7.3         0.004GB    client0 1024  up            \n";
        assertEquals(line, ok("stat", "--timeout", "0.3"));
        assertEquals(line, ok("stat", "--timeout", "0.3", "-i", "client0", "e7\\.3 .* up"));
        refused(1, "stat", "--timeout", "0.3", "e7.4");
        Config stat = json("stat", "--timeout", "0.3", "--json");
        assertEquals("e7.3", stat.getString("device"));
        assertEquals(SECTORS, stat.getInt("sectors"));
        assertEquals(List.of(TARGET), stat.getStringList("macs"));

        String found = ok("discover", "--timeout", "0.3");
        assertTrue(found.startsWith("e7.3       " + TARGET + "  client0  "), found);

        String decoded = ok("identify", "e7.3");
        assertTrue(decoded.startsWith("e7.3 at " + TARGET + " on client0\n"), decoded);
        assertTrue(decoded.contains("  sectors                " + SECTORS + "\n"), decoded);
        Config identity = json("identify", "--json", "e7.3");
        assertEquals(48, identity.getInt("address_bits"));
        boolean ours = program.equals("bin/vblade");
        assertEquals(ours ? "right" : "none", identity.getString("checksum"));
        String model = ours ? "vblade4j" : "Coraid EtherDrive vblade";
        assertEquals(model, identity.getString("model"));
        assertEquals(1024, json("identify", "--json", "--raw", "e7.3").getString("page").length());
        assertEquals(32, ok("identify", "--raw", "e7.3").lines().count());
        refused(4, "identify", "--timeout", "0.3", "e7.4");

        String error = refused(1, "smart", "status", "e7.3");
        assertEquals("aoe: e7.3 does not support SMART\n", error);
        assertEquals("1 target, no conflict\n", ok("conflicts", "--timeout", "0.3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vblade", "bin/vblade"})
    void identifyShowsTheBytesThatAoepingShows(String program, PrivateNetwork network)
            throws Exception {
        serve(program, "target0", image(1));
        ok("config", "set", "e7.3", STRING); // aoeping discards short frames, too
        String theirs = tool(network, "aoeping", "-i", "-s", "5", "7", "3", "client0");
        String page = theirs.substring(theirs.indexOf('\n') + 1).replaceAll("(?m) $", "");
        assertEquals(page, ok("identify", "--raw", "e7.3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vblade", "bin/vblade"})
    void pingTimesAnswers(String program) throws Exception {
        serve(program, "target0", image(1));
        for (String how : new String[] {"--quiet", "--identify"}) {
            String said = ok("ping", "-c", "5", "--interval", "0.02", how, "e7.3");
            assertTrue(said.contains("--- e7.3 at " + TARGET + " on client0 ---\n"), said);
            assertTrue(said.contains("\n5 sent, 5 answered, 0.0% lost\n"), said);
            assertTrue(said.matches("(?s).*\nround trip min/avg/max = [0-9./]+ ms, p50.*"), said);
        }
        Config values = json("ping", "-c", "3", "--interval", "0", "--json", "e7.3");
        assertEquals(3, values.getInt("answered"));
        assertTrue(values.getLong("min_ns") <= values.getLong("p99_ns"));
        refused(4, "ping", "-c", "1", "--timeout", "0.3", "e7.4");
    }

    @Test
    void pingEndsOnASignalWithItsSummary(PrivateNetwork network) throws Exception {
        serve("vblade", "target0", image(1));
        Launched.Running ping = bin.start("aoe", "ping", "--interval", "0.05", "e7.3");
        ping.awaitOut("seq=3 ");
        ping.signal("INT");
        assertEquals(0, ping.awaitEnd(), Files.readString(ping.err()));
        String said = Files.readString(ping.out());
        assertTrue(said.contains(" 0.0% lost\nround trip min/avg/max = "), said);

        Launched.Running cut =
                bin.start("aoe", "ping", "-c", "20", "--interval", "0.1", "--wait", "0.1", "e7.3");
        cut.awaitOut("seq=3 ");
        network.down("target0");
        assertEquals(1, cut.awaitEnd(), Files.readString(cut.err()));
        said = Files.readString(cut.out());
        assertTrue(said.contains("no answer from " + TARGET + " on client0: seq=20\n"), said);
        network.up("target0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vblade", "bin/vblade"})
    void configStringsAreThoseThatAoecfgSees(String program, PrivateNetwork network)
            throws Exception {
        serve(program, "target0", image(1));
        assertEquals("\n", ok("config", "read", "e7.3"));
        assertEquals(STRING + "\n", ok("config", "set", "e7.3", STRING));
        String theirs = tool(network, "aoecfg", "-t", "5", "7", "3", "client0");
        assertEquals(STRING, theirs.strip());
        assertEquals(STRING + "\n", ok("config", "read", "e7.3"));
        assertEquals("e7.3\t" + STRING + "\n", ok("config", "read", "--timeout", "0.3"));
        assertEquals(STRING + "\n", ok("config", "set", "e7.3", STRING));
        assertEquals(STRING + "\n", ok("config", "test", "e7.3", STRING));
        assertEquals(STRING + "\n", ok("config", "prefix", "e7.3", "owner="));
        refused(1, "config", "test", "--timeout", "0.3", "e7.3", "owner=");
        refused(1, "config", "prefix", "--timeout", "0.3", "e7.3", "x");
        assertEquals(
                "aoe: e7.3 has the config string \"" + STRING + "\" already\n",
                refused(1, "config", "set", "e7.3", "another"));
        tool(network, "aoecfg", "-c", "fset", "-s", STRING + "!", "-t", "5", "7", "3", "client0");
        Config read = json("config", "read", "--json", "e7.3");
        assertEquals(STRING + "!", read.getString("config"));
        assertEquals("\\x1b[2J\n", ok("config", "force-set", "e7.3", "\u001b[2J"));
        assertEquals("\n", ok("config", "force-set", "e7.3", ""));
        refused(4, "config", "read", "--timeout", "0.3", "e7.4");
        refused(2, "config", "set", "e7.3");
        refused(2, "config", "nonsense", "e7.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vblade", "bin/vblade"})
    void maskListsAreReadAndEdited(String program) throws Exception {
        serve(program, "target0", image(1));
        assertEquals("e7.3\topen to every station\n", ok("mask", "list", "e7.3"));
        assertEquals(
                "e7.3\t" + MAC + "\ne7.3\t" + OTHER + "\n",
                ok("mask", "add", "e7.3", MAC, OTHER.replace(":", "")));
        assertEquals(
                List.of(MAC, OTHER), json("mask", "list", "--json", "e7.3").getStringList("mask"));
        if (program.equals("bin/vblade")) {
            assertEquals("e7.3\t" + OTHER + "\n", aoe("mask", "remove", "e7.3", MAC).out());
            refused(4, "mask", "list", "--timeout", "0.3", "e7.3");
        }
    }

    @Test
    void theCProgramGetsNoEditsOfItsMaskThatItDoesNotSurvive() throws Exception {
        serve("vblade", "target0", image(1));
        ok("mask", "add", "e7.3", MAC, OTHER);
        ok("mask", "add", "e7.3", OTHER);
        String third = refused(1, "mask", "add", "e7.3", "02:00:00:00:00:77");
        assertTrue(third.contains("is a vblade, which confuses more than two"), third);
        String removal = refused(1, "mask", "remove", "e7.3", MAC);
        assertTrue(removal.contains("is a vblade, which ends when an address is"), removal);
        assertEquals("e7.3\t" + MAC + "\ne7.3\t" + OTHER + "\n", ok("mask", "list", "e7.3"));
        refused(4, "mask", "remove", "--force", "--timeout", "0.3", "e7.3", MAC);
        refused(4, "mask", "list", "--timeout", "0.3", "e7.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vblade", "bin/vblade"})
    void whoeverMasksHimselfOutIsTold(String program) throws Exception {
        serve(program, "target0", image(1));
        String warning = aoe("mask", "add", "e7.3", OTHER).err();
        assertEquals("e7.3 does not answer " + MAC + " on client0 any more\n", warning);
        refused(4, "mask", "list", "--timeout", "0.3", "e7.3");
        refused(2, "mask", "add", "e7.3", "03:00:00:00:00:01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vblade", "bin/vblade"})
    void reservationsAreTakenAndReleased(String program) throws Exception {
        serve(program, "target0", image(1));
        assertEquals("e7.3\tfree\n", ok("reserve", "show", "e7.3"));
        assertEquals("e7.3\t" + MAC + "\n", ok("reserve", "set", "e7.3"));
        assertEquals("e7.3\tfree\n", ok("reserve", "release", "e7.3"));
        assertEquals("e7.3\t" + OTHER + "\n", ok("reserve", "set", "e7.3", OTHER));
        for (String operation : new String[] {"set", "release"}) {
            String error = refused(1, "reserve", operation, "e7.3");
            assertEquals("aoe: e7.3 is held by " + OTHER + "\n", error);
        }
        assertEquals("e7.3\t" + MAC + "\n", ok("reserve", "force", "e7.3"));
        ok("reserve", "force", "e7.3", OTHER);
        Config free = json("reserve", "release", "--force", "--json", "e7.3");
        assertEquals(List.of(), free.getStringList("holders"));
    }

    @Test
    void sancheckPrintsWhatTheOriginalPrints(PrivateNetwork network) throws Exception {
        cable(network, 1, 9000);
        serve("vblade", "target0", image(1));
        serve("vblade", "target1", image(1));
        compareSancheck(network, 1, "   client0: MTU different from other interfaces");
        network.delete("client0");
        network.changeMtu("client1", 4200);
        compareSancheck(network, 1, "   client1: MTU (4200) not set optimally for device's");
        network.changeMtu("client1", 9000);
        network.changeMtu("target1", 4200);
        compareSancheck(network, 1, "   The path client1->020000000011 is only capable of 4096");
    }

    private static void compareSancheck(PrivateNetwork network, int status, String line) {
        String theirs = tool(network, "aoe-sancheck", "-v").replaceFirst("(?s)^.*done\\.\n", "");
        Cli.Result ours = aoe("sancheck", "-v");
        assertEquals(theirs, ours.out());
        assertEquals(status, ours.status());
        assertTrue(ours.out().contains("\n" + line), ours.out());
    }

    @Test
    void sancheckSeesAnMtuThatNoEndKnowsOf(PrivateNetwork network) throws Exception {
        network.delete("client0");
        network.veth("target0", 0x0200_0000_0010L, "switch0", 0x0200_0000_0030L, 9000);
        network.veth("client0", 0x0200_0000_0020L, "switch1", 0x0200_0000_0031L, 9000);
        network.ip("link", "add", "bridge0", "type", "bridge");
        for (String port : List.of("switch0", "switch1")) {
            network.ip("link", "set", port, "master", "bridge0");
        }
        network.up("bridge0");
        network.changeMtu("switch0", 3000);
        serve("bin/vblade", "target0", image(1));
        Cli.Result found = aoe("sancheck", "-i", "client0", "--json");
        assertEquals(1, found.status());
        Config device = ConfigFactory.parseString(found.out());
        assertEquals(5, device.getConfigList("paths").get(0).getInt("sectors"));
        assertEquals(
                List.of("The path client0->020000000010 is only capable of 2560 byte payloads"),
                device.getStringList("warnings"));
        network.delete("bridge0");
    }

    @Test
    void conflictsAreFound(PrivateNetwork network) throws Exception {
        cable(network, 1, 1500);
        serve("vblade", "target0", image(1));
        serve("bin/vblade", "target1", image(3)); // one file has one writer only
        Cli.Result two = aoe("conflicts", "--timeout", "0.3");
        assertEquals(1, two.status());
        assertTrue(
                two.out()
                        .startsWith(
                                "e7.3: "
                                        + TARGET
                                        + " on client0 and 02:00:00:00:00:11 on client1 are two"
                                        + " disks: serial numbers "),
                two.out());
        network.delete("client1");

        serve("vblade", "target0", image(2));
        Cli.Result twice = aoe("conflicts", "--timeout", "0.3", "--json");
        assertEquals(1, twice.status());
        String difference = ConfigFactory.parseString(twice.out()).getString("difference");
        assertEquals("answers twice: two targets behind one hardware address", difference);
    }

    @Test
    void aDiskByTwoPathsIsNoConflictButOtherDataIs(PrivateNetwork network) throws Exception {
        cable(network, 1, 1500);
        Path image = image(1);
        serve("vblade", "target0", image);
        serve("vblade", "target1", image);
        assertEquals("1 target, no conflict\n", ok("conflicts", "--timeout", "0.3"));
        assertTrue(ok("stat", "--timeout", "0.3").contains(" client0,client1 1024  up"));

        processes.get(1).destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        serve("vblade", "target1", image(2));
        Cli.Result result = aoe("conflicts", "--timeout", "0.3");
        assertEquals(1, result.status(), result.toString());
        assertTrue(result.out().endsWith(" are two disks: other data\n"), result.out());
    }

    @Test
    void smartIsShownWhereATargetHasIt() throws Exception {
        try (SmartTarget target = SmartTarget.start("target0")) {
            assertEquals("e7.3\tgood\n", ok("smart", "status", "e7.3"));
            String data = ok("smart", "data", "e7.3");
            assertTrue(data.contains("\n    5   0033    100     99  42\n"), data);
            Config row = json("smart", "data", "--json", "e7.3");
            assertEquals(42, row.getConfigList("attributes").get(0).getInt("raw"));
            target.fail();
            assertEquals(1, aoe("smart", "status", "e7.3").status());
            assertEquals("e7.3\tfailing\n", aoe("smart", "status", "e7.3").out());
            String error = refused(1, "smart", "log", "e7.3", "7");
            assertTrue(error.startsWith("aoe: e7.3 aborted SMART log, status 41"), error);
            assertEquals("", ok("smart", "enable", "e7.3"));
            refused(2, "smart", "log", "e7.3");
        }
    }

    @Test
    void noCommandSpeaksColoursIntoAPipe() throws Exception {
        serve("vblade", "target0", image(1));
        String said = ok("stat", "--timeout", "0.3") + ok("sancheck", "-i", "client0");
        assertEquals(-1, said.indexOf('\u001b'), said);
        assertEquals(
                said,
                new String(said.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII));
    }
}
