// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.wire.AoeAddress;

final class ConfigLoaderTest {
    private static final String GOOD = "config_a='1 1 eth0 /disk'\n";

    @TempDir private Path directory;

    private Configuration load(String confd, String settings) throws IOException, ConfigException {
        Path first = Files.writeString(directory.resolve("confd"), confd);
        Path second = Files.writeString(directory.resolve("settings"), settings);
        return new ConfigLoader(first, second).load();
    }

    private List<String> problems(String confd, String settings) {
        ConfigException e = assertThrows(ConfigException.class, () -> load(confd, settings));
        return said(e.problems());
    }

    private List<String> said(List<Problem> problems) {
        return problems.stream().map(p -> p.toString().replace(directory + "/", "")).toList();
    }

    @Test
    void withoutSettingsEverythingHasItsDefault() throws Exception {
        Configuration loaded = load(GOOD, "");
        assertEquals(DaemonSettings.DEFAULTS, loaded.daemon());
        assertEquals(ExportOptions.DEFAULTS, loaded.exports().get(0).options());
        assertEquals(List.of(), loaded.warnings());
    }

    @Test
    void theDaemonSettingsAreRead() throws Exception {
        Configuration loaded =
                load(
                        "",
                        """
                        vblade4j {
                          daemon {
                            autostart = false
                            respawn-delay = 250ms
                            respawn-max = 0
                            respawn-period = 1 h
                          }
                          port { kind = pcap, receive-frames = 1024, spin-us = 7 }
                        }
                        """);
        assertEquals(
                new DaemonSettings(
                        false,
                        new RestartSettings(Duration.ofMillis(250), 0, Duration.ofHours(1)),
                        new PortSettings(PortKind.PCAP, 1024, 7)),
                loaded.daemon());
    }

    @Test
    void overridesGoBeforeTheLineAndTheLineBeforeDefaults() throws Exception {
        Configuration loaded =
                load(
                        "config_a='-b 5 1 1 eth0 /disk'\nconfig_b='-b 6 -r 1 2 eth0 /disk'\n",
                        """
                        vblade4j.defaults { buffer-count = 3, synced = true, macs = ["001122334455"] }
                        vblade4j.overrides.b { buffer-count = 7, read-only = false, macs = [] }
                        """);
        List<Long> macs = List.of(0x0011_2233_4455L);
        assertEquals(
                new ExportOptions(5, false, true, false, macs, 0, 0),
                loaded.exports().get(0).options());
        assertEquals(
                new ExportOptions(7, false, true, false, List.of(), 0, 0),
                loaded.exports().get(1).options());
    }

    @Test
    void exportsOfBothFilesAreServedInFileOrder() throws Exception {
        Configuration loaded =
                load(
                        GOOD,
                        """
                        vblade4j {
                          defaults.direct = true
                          exports {
                            z { shelf = 1, slot = 2, interface = eth0, device = "/x" }
                            b {
                              shelf = 1, slot = 3, interface = eth0, device = "/srv/my disk"
                              length-sectors = 8
                            }
                          }
                        }
                        """);
        assertEquals(
                List.of("a", "z", "b"), loaded.exports().stream().map(ExportSpec::name).toList());
        ExportSpec b = loaded.exports().get(2);
        assertEquals(new AoeAddress(1, 3), b.address());
        assertEquals("eth0", b.interfaceName());
        assertEquals(Path.of("/srv/my disk"), b.device());
        assertEquals(new ExportOptions(64, true, false, false, List.of(), 0, 8), b.options());
        assertEquals(directory.resolve("settings") + ":5", b.origin().toString());
    }

    @Test
    void durabilityIsSaidByItsNameOrByFlagsAndTheNearestCounts() throws Exception {
        Configuration loaded =
                load(
                        "config_a='-s 1 1 eth0 /disk'\n",
                        """
                        vblade4j.defaults { durability = direct, queue-depth = 7, delay = 2 ms }
                        vblade4j.exports {
                          b { shelf = 1, slot = 2, interface = eth0, device = "/x" }
                          c = ${vblade4j.exports.b} { slot = 3, durability = cached }
                          d = ${vblade4j.exports.b} { slot = 4, direct = false, engine = threads }
                        }
                        """);
        List<ExportOptions> options = loaded.exports().stream().map(ExportSpec::options).toList();
        assertEquals(
                List.of(
                        Durability.DIRECT_SYNCED,
                        Durability.DIRECT,
                        Durability.CACHED,
                        Durability.CACHED),
                options.stream().map(ExportOptions::durability).toList());
        IoOptions io = new IoOptions(IoOptions.Engine.AUTO, 7, false, Duration.ofMillis(2));
        assertEquals(io, options.get(0).io());
        assertEquals(IoOptions.Engine.THREADS, options.get(3).io().engine());
    }

    @Test
    void anExportMayBeMadeFromAnother() throws Exception {
        Configuration loaded =
                load(
                        "",
                        """
                        vblade4j.exports {
                          a { shelf = 1, slot = 2, interface = eth0, device = "/x", direct = true }
                          b = ${vblade4j.exports.a} { slot = 3, direct = false }
                        }
                        """);
        ExportSpec b = loaded.exports().get(1);
        assertEquals(new AoeAddress(1, 3), b.address());
        assertEquals(Path.of("/x"), b.device());
        assertEquals(ExportOptions.DEFAULTS, b.options());
    }

    @Test
    void anIncludedFileIsLookedUpBesideTheSettings() throws Exception {
        Files.writeString(directory.resolve("more"), "vblade4j.daemon.autostart = false\n");
        assertEquals(false, load(GOOD, "include \"more\"\n").daemon().autostart());
        assertEquals(false, load(GOOD, "include required(file(\"more\"))").daemon().autostart());
    }

    @Test
    void aMistakeInAnIncludedFileNamesThatFile() throws Exception {
        Files.writeString(directory.resolve("more"), "\nvblade4j.daemon.autostart = 1\n");
        assertEquals(
                List.of("more:2: vblade4j.daemon.autostart is 1; expected true or false"),
                problems(GOOD, "include \"more\"\n"));
    }

    @Test
    void allMistakesOfBothFilesAreTold() {
        assertEquals(
                List.of(
                        "confd:1: v: '$(x)' is a command substitution, and nothing is run here;"
                                + " expected text, quotes, $NAME or ${NAME}",
                        "confd:2: config_a: shelf '65535' means every shelf on the wire;"
                                + " expected 0 to 65534",
                        "confd:3: config_a: slot 'x' is not a number; expected 0 to 254",
                        "confd:3: export 'a' is already defined at confd:2; expected another name",
                        "confd:4: no export name after 'config_'; expected config_NAME",
                        "settings:1: unknown key 'x'; expected vblade4j"),
                problems(
                        "v=$(x)\nconfig_a='65535 1 eth0 /x'\nconfig_a='1 x eth0 /x'\nconfig_=1\n",
                        "x = 1\n"));
    }

    @Test
    void anAddressMayBeUsedOnceOnAnInterface() throws Exception {
        assertEquals(
                List.of(
                        "confd:2: b: e1.1 on eth0 is already taken by 'a' at confd:1; expected"
                                + " another shelf, slot or interface"),
                problems(GOOD + "config_b='0x1 1 eth0 /other'\n", ""));
        assertEquals(2, load(GOOD + "config_b='1 1 eth1 /disk'\n", "").exports().size());
    }

    @Test
    void anOverrideOfAnExportInTheSameFileIsRefused() {
        assertEquals(
                List.of(
                        "settings:2: no export 'b' to override; expected the name of an export in"
                                + " confd"),
                problems(
                        "",
                        """
                        vblade4j.exports.b { shelf=1, slot=1, interface=eth0, device=/x }
                        vblade4j.overrides.b { direct = true }
                        """));
    }

    @Test
    void whatIsAcceptedButNotMeantIsWarnedAbout() throws Exception {
        assertEquals(
                List.of(
                        "confd:1: config_a: '$dev' is not assigned above and thus empty",
                        "confd:1: a: the Linux driver ignores targets on shelf 4095",
                        "settings:1: b: old Linux drivers see slots 0 to 15 only, not slot 16"),
                said(
                        load(
                                        "config_a=\"4095 1 eth0 /x$dev\"\n",
                                        "vblade4j.exports.b { shelf=1, slot=16, interface=eth0,"
                                                + " device=/x }\n")
                                .warnings()));
    }

    @Test
    void aFileThatIsNamedMustExist() throws Exception {
        Path there = Files.writeString(directory.resolve("confd"), GOOD);
        Path missing = directory.resolve("missing");
        for (ConfigLoader loader :
                List.of(new ConfigLoader(there, missing), new ConfigLoader(missing, there))) {
            ConfigException e = assertThrows(ConfigException.class, loader::load);
            assertTrue(
                    said(e.problems())
                            .contains("missing: does not exist; expected a configuration file"));
        }
    }

    @Test
    void anUnreadableFileIsToldByName() throws Exception {
        Path settings = Files.writeString(directory.resolve("settings"), "");
        Path large = directory.resolve("large");
        Files.write(large, new byte[TextFile.MAX_BYTES + 1]);
        Path latin = Files.write(directory.resolve("latin"), new byte[] {'#', '\n', (byte) 0xe9});
        assertEquals(
                List.of(
                        ".: cannot be read: is a directory",
                        "large: is too large; expected at most 1048576 bytes",
                        "latin:2: byte 0xe9 is not UTF-8; expected UTF-8"),
                List.of(directory.resolve("."), large, latin).stream()
                        .flatMap(
                                file ->
                                        said(
                                                assertThrows(
                                                                ConfigException.class,
                                                                new ConfigLoader(file, settings)
                                                                        ::load)
                                                        .problems())
                                                .stream())
                        .toList());
    }

    @Test
    void settingsNestedWithoutEndAreRefused() {
        assertEquals(
                List.of("settings: sections are nested too deeply; expected a few levels"),
                problems("", "a=" + "[".repeat(500_000)));
    }
}
