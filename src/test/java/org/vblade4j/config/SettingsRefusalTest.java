// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of settings file that is refused, with what is said about it. */
final class SettingsRefusalTest {
    private static final String DELAY = "; expected a duration with its unit from 0 s to 3600 s";
    private static final String LIMIT =
            "; expected 0 s for none or a duration with its unit from 1 s to 3600 s";
    private static final String COUNT = "; expected a whole number from 0 to 1000000";
    private static final String SECTORS = "; expected a whole number from 0 to 18014398509481983";
    private static final String LIST = "; expected a list of texts in quotes, [\"...\", \"...\"]";
    private static final String NO_FILE = " is not a file; expected a file";
    private static final String MAC =
            "' is not an Ethernet address; expected twelve hexadecimal digits, bare or in pairs,"
                    + " 001122aabbcc or 00:11:22:aa:bb:cc";

    /** What stands within {@code vblade4j { }} from the second line on, beside a good conf.d. */
    private record Case(String description, String settings, List<String> problems) {
        Case(String description, String settings, String... problems) {
            this(description, settings, List.of(problems));
        }

        @Override
        public String toString() {
            return description;
        }
    }

    /** The options' keys and these, as a message lists them. */
    private static String keys(String... more) {
        Set<String> keys = new TreeSet<>(Reference.FILE.keys("defaults"));
        keys.addAll(List.of(more));
        return String.join(", ", keys);
    }

    private static final List<Case> CASES =
            List.of(
                    new Case(
                            "a misspelt key",
                            "daemon.autostrt = true",
                            "settings:2: unknown key 'vblade4j.daemon.autostrt'; expected 'autostart'"),
                    new Case(
                            "a misspelt section",
                            "daemno {}",
                            "settings:2: unknown key 'vblade4j.daemno'; expected 'daemon'"),
                    new Case(
                            "a section that is none",
                            "daemon = 5",
                            "settings:2: vblade4j.daemon is 5; expected a section, { ... }"),
                    new Case(
                            "a word for a flag",
                            "daemon.autostart = yes",
                            "settings:2: vblade4j.daemon.autostart is \"yes\"; expected true or false"),
                    new Case(
                            "a flag in quotes",
                            "daemon.autostart = \"true\"",
                            "settings:2: vblade4j.daemon.autostart is \"true\"; expected true or false"),
                    new Case(
                            "a duration without unit",
                            "daemon.respawn-delay = 5",
                            "settings:2: vblade4j.daemon.respawn-delay is 5" + DELAY),
                    new Case(
                            "a duration with an unknown unit",
                            "daemon.respawn-delay = 5 parsecs",
                            "settings:2: vblade4j.daemon.respawn-delay is \"5 parsecs\"" + DELAY),
                    new Case(
                            "a duration too long",
                            "daemon.respawn-delay = 2 h",
                            "settings:2: vblade4j.daemon.respawn-delay is \"2 h\"" + DELAY),
                    new Case(
                            "a negative duration",
                            "daemon.respawn-delay = -1 s",
                            "settings:2: vblade4j.daemon.respawn-delay is \"-1 s\"" + DELAY),
                    new Case(
                            "a duration too short",
                            "daemon.respawn-period = 10 ms",
                            "settings:2: vblade4j.daemon.respawn-period is \"10 ms\"; expected a duration with its unit from 1 s to 86400 s"),
                    new Case(
                            "no duration",
                            "daemon.respawn-delay = null",
                            "settings:2: vblade4j.daemon.respawn-delay is null" + DELAY),
                    new Case(
                            "a negative number",
                            "daemon.respawn-max = -1",
                            "settings:2: vblade4j.daemon.respawn-max is -1" + COUNT),
                    new Case(
                            "a number with a fraction",
                            "daemon.respawn-max = 1.5",
                            "settings:2: vblade4j.daemon.respawn-max is 1.5" + COUNT),
                    new Case(
                            "a number beyond all numbers",
                            "daemon.respawn-max = 1e300",
                            "settings:2: vblade4j.daemon.respawn-max is 1.0E300" + COUNT),
                    new Case(
                            "a number in quotes",
                            "daemon.respawn-max = \"5\"",
                            "settings:2: vblade4j.daemon.respawn-max is \"5\"" + COUNT),
                    new Case(
                            "an unknown kind of port",
                            "port.kind = bridge",
                            "settings:2: vblade4j.port.kind is \"bridge\"; expected one of ring, pcap"),
                    new Case(
                            "a ring too small",
                            "port.receive-frames = 8",
                            "settings:2: vblade4j.port.receive-frames is 8; expected 0 or a whole number from 16 to 65536"),
                    new Case(
                            "a buffer count too small",
                            "defaults.buffer-count = 1",
                            "settings:2: vblade4j.defaults.buffer-count is 1; expected a whole number from 2 to 65535"),
                    new Case(
                            "a durability that contradicts",
                            "defaults { direct = true, durability = synced }",
                            "settings:2: vblade4j.defaults.durability: synced contradicts direct and synced, which say direct; expected only one of the two ways"),
                    new Case(
                            "an unknown engine",
                            "defaults.engine = fast",
                            "settings:2: vblade4j.defaults.engine is \"fast\"; expected one of auto, uring, threads, sync"),
                    new Case(
                            "MACs without list",
                            "defaults.macs = \"001122334455\"",
                            "settings:2: vblade4j.defaults.macs is \"001122334455\"" + LIST),
                    new Case(
                            "MACs without quotes",
                            "defaults.macs = [001122334455]",
                            "settings:2: vblade4j.defaults.macs is [1122334455]" + LIST),
                    new Case(
                            "bad MACs, each of them",
                            "defaults.macs = [\"x\", \"ff:ff:ff:ff:ff:ff\"]",
                            "settings:2: vblade4j.defaults.macs: MAC 'x" + MAC,
                            "settings:2: vblade4j.defaults.macs: MAC 'ff:ff:ff:ff:ff:ff' is no single station's address; expected neither a group address nor all zeros"),
                    new Case(
                            "a negative offset",
                            "defaults.offset-sectors = -1",
                            "settings:2: vblade4j.defaults.offset-sectors is -1" + SECTORS),
                    new Case(
                            "an end beyond all numbers",
                            "defaults { offset-sectors = 18014398509481983\n length-sectors = 1 }",
                            "settings:3: vblade4j.defaults.length-sectors: offset 18014398509481983 plus length 1 is out of range; expected a sum of at most 18014398509481983"),
                    new Case(
                            "wrong words in guard and remote-changes",
                            "defaults {\nguard.device-in-use = ask\nguard.address-probe = 6 s\n"
                                    + "guard.probe = 1 s\nremote-changes.mac-mask = some }",
                            "settings:3: vblade4j.defaults.guard.device-in-use is \"ask\"; expected refuse or warn",
                            "settings:4: vblade4j.defaults.guard.address-probe is \"6 s\"; expected a duration with its unit from 0 s to 5 s",
                            "settings:5: unknown key 'vblade4j.defaults.guard.probe'; expected one of address-in-use, address-probe, address-watch, device-in-use",
                            "settings:6: vblade4j.defaults.remote-changes.mac-mask is \"some\"; expected allowed or admins or refused"),
                    new Case(
                            "an override of nothing",
                            "overrides.zebra { direct = true }",
                            "settings:2: no export 'zebra' to override; expected the name of an export in confd"),
                    new Case(
                            "a misspelt name in an override",
                            "overrides.aa { direct = true }",
                            "settings:2: no export 'aa' to override; expected 'a'"),
                    new Case(
                            "an override of the place",
                            "overrides.a { shelf = 3 }",
                            "settings:2: unknown key 'vblade4j.overrides.a.shelf'; expected one of "
                                    + keys()),
                    new Case(
                            "an override that is no section",
                            "overrides.a = 5",
                            "settings:2: vblade4j.overrides.a is 5; expected a section, { ... }"),
                    new Case(
                            "a bad override",
                            "overrides.a.buffer-count = 1",
                            "settings:2: vblade4j.overrides.a.buffer-count is 1; expected a whole number from 2 to 65535"),
                    new Case(
                            "an export without interface and device",
                            "exports.b { shelf = 1, slot = 2 }",
                            "settings:2: export 'b' has no interface; expected shelf, slot, interface, device",
                            "settings:2: export 'b' has no device; expected shelf, slot, interface, device"),
                    new Case(
                            "an export with mistakes everywhere",
                            "exports.b {\nshelf = 65535\nslot = 255\ninterface = \"a/b\"\ndevice = \"x\"\ncolour = red }",
                            "settings:3: vblade4j.exports.b.shelf is 65535; expected a whole number from 0 to 65534",
                            "settings:4: vblade4j.exports.b.slot is 255; expected a whole number from 0 to 254",
                            "settings:5: vblade4j.exports.b.interface: interface 'a/b' cannot be a network interface's name; expected 1 to 15 bytes without blanks, '/' and ':'",
                            "settings:6: vblade4j.exports.b.device: device 'x' is relative; expected a path from the root, /...",
                            "settings:7: unknown key 'vblade4j.exports.b.colour'; expected one of "
                                    + keys("shelf", "slot", "interface", "device")),
                    new Case(
                            "an export with wrong types",
                            "exports.b {\nshelf = \"1\"\nslot = []\ninterface = 5\ndevice = {} }",
                            "settings:3: vblade4j.exports.b.shelf is \"1\"; expected a whole number from 0 to 65534",
                            "settings:4: vblade4j.exports.b.slot is []; expected a whole number from 0 to 254",
                            "settings:5: vblade4j.exports.b.interface is 5; expected text in quotes",
                            "settings:6: vblade4j.exports.b.device is {}; expected text in quotes"),
                    new Case(
                            "a name that is none",
                            "exports.\"b-c\" { shelf = 1, slot = 2, interface = eth0, device = /x }",
                            "settings:2: 'b-c' cannot name an export; expected letters, digits and underscores"),
                    new Case(
                            "a name that conf.d has",
                            "exports.a { shelf = 1, slot = 2, interface = eth0, device = /x }",
                            "settings:2: export 'a' is already defined at confd:2; expected another name"),
                    new Case(
                            "an address that conf.d has",
                            "exports.b { shelf = 1, slot = 1, interface = eth0, device = /x }",
                            "settings:2: b: e1.1 on eth0 is already taken by 'a' at confd:2; expected another shelf, slot or interface"),
                    new Case(
                            "one wrong address among the stations of a right",
                            "exports.b { shelf = 1, slot = 2, interface = eth0, device = /x\n"
                                    + "access.allow.write = [\"001122334455\", \"zz1122334455\"]}",
                            "settings:3: vblade4j.exports.b.access.allow.write: MAC 'zz1122334455"
                                    + MAC),
                    new Case(
                            "a group address that is denied",
                            "defaults.access.deny.read = [\"ff:ff:ff:ff:ff:ff\"]",
                            "settings:2: vblade4j.defaults.access.deny.read: MAC 'ff:ff:ff:ff:ff:ff' is no single station's address; expected neither a group address nor all zeros"),
                    new Case(
                            "a right that there is not",
                            "overrides.a.access.default = [raed]",
                            "settings:2: vblade4j.overrides.a.access.default: unknown right 'raed'; expected some of discover, read, write, config"),
                    new Case(
                            "a list for a right that there is not",
                            "defaults.access.allow.writes = []",
                            "settings:2: unknown key 'vblade4j.defaults.access.allow.writes'; expected 'write'"),
                    new Case(
                            "a policy that is neither list",
                            "defaults.access.allows.write = []",
                            "settings:2: unknown key 'vblade4j.defaults.access.allows'; expected 'allow'"),
                    new Case(
                            "a wrong address in a group that nobody uses",
                            "groups.hosts = [\"00:11:22:33:44\"]",
                            "settings:2: vblade4j.groups.hosts: MAC '00:11:22:33:44" + MAC),
                    new Case(
                            "a group that there is not",
                            "defaults.macs = ${vblade4j.groups.host}",
                            "settings:2: Could not resolve substitution to a value: ${vblade4j.groups.host}"),
                    new Case(
                            "a limit below nothing",
                            "defaults.limits.queries-per-second = -1",
                            "settings:2: vblade4j.defaults.limits.queries-per-second is -1; expected a whole number from 0 to 100000000"),
                    new Case(
                            "a third answer to a loss",
                            "defaults.on-backend-loss = panic",
                            "settings:2: vblade4j.defaults.on-backend-loss is \"panic\"; expected stall or fail"),
                    new Case(
                            "a limit to silence without unit",
                            "defaults.stall-limit = 0",
                            "settings:2: vblade4j.defaults.stall-limit is 0" + LIMIT),
                    new Case(
                            "a limit to silence that disks in order exceed",
                            "defaults.stall-limit = 999 ms",
                            "settings:2: vblade4j.defaults.stall-limit is \"999 ms\"" + LIMIT),
                    new Case(
                            "a limit to silence too long",
                            "defaults.stall-limit = 2 h",
                            "settings:2: vblade4j.defaults.stall-limit is \"2 h\"" + LIMIT),
                    new Case(
                            "a name twice",
                            "exports {\n b { shelf = 1, slot = 2 }\n\n b { interface = eth0, device = /x }}",
                            "settings:3: 'b' is defined more than once, settings: 3-5; expected one section"),
                    new Case(
                            "a section that does not end",
                            "daemon { autostart = true",
                            "settings:4: expecting a close parentheses ')' here, not: end of file"),
                    new Case(
                            "the environment",
                            "daemon.autostart = ${HOME}",
                            "settings:2: Could not resolve substitution to a value: ${HOME}"),
                    new Case(
                            "an include from the network",
                            "include \"http://localhost:1/x\"",
                            "settings:2: the included 'http://localhost:1/x'" + NO_FILE),
                    new Case(
                            "an include of a URL",
                            "include url(\"http://localhost:1/x\")",
                            "settings:2: the included 'http://localhost:1/x'" + NO_FILE),
                    new Case(
                            "an include from the class path",
                            "include classpath(\"reference.conf\")",
                            "settings:2: the included 'reference.conf'" + NO_FILE),
                    new Case(
                            "an include that is missing",
                            "include \"missing.conf\"",
                            "settings:2: the included 'missing.conf' does not exist or" + NO_FILE),
                    new Case(
                            "an include of itself",
                            "include \"settings\"",
                            "settings:2: the included 'settings' includes itself; expected a file"),
                    new Case(
                            "mistakes in several places",
                            "daemon.autostart = 1\nport.frames = 2\ndefaults.direct = 3",
                            "settings:2: vblade4j.daemon.autostart is 1; expected true or false",
                            "settings:3: unknown key 'vblade4j.port.frames'; expected one of kind, receive-frames, spin-us",
                            "settings:4: vblade4j.defaults.direct is 3; expected true or false"));

    static Stream<Case> cases() {
        return CASES.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aBadSettingsFileIsRefusedWithFileAndLine(Case bad, @TempDir Path directory)
            throws IOException {
        Path confd = Files.writeString(directory.resolve("confd"), "\nconfig_a='1 1 eth0 /disk'\n");
        Path settings = directory.resolve("settings");
        Files.writeString(settings, "vblade4j {\n" + bad.settings + "\n}\n");
        ConfigException e =
                assertThrows(ConfigException.class, () -> new ConfigLoader(confd, settings).load());
        String path = directory + "/";
        assertEquals(
                bad.problems,
                e.problems().stream().map(p -> p.toString().replace(path, "")).toList());
    }
}
