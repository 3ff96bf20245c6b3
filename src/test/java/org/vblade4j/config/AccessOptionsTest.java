// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessOptionsTest {
    private static final Set<Right> ALL = EnumSet.allOf(Right.class);
    private static final long A = 0x02_00_00_00_00_0aL;
    private static final long B = 0x02_00_00_00_00_0bL;
    private static final long C = 0x02_00_00_00_00_0cL;

    @TempDir Path directory;

    private List<ExportSpec> load(String confd, String settings) throws Exception {
        return configuration(confd, settings).exports();
    }

    private Configuration configuration(String confd, String settings) throws Exception {
        Path lines = Files.writeString(directory.resolve("confd"), confd);
        Path hocon = Files.writeString(directory.resolve("settings"), settings);
        return new ConfigLoader(lines, hocon).load();
    }

    @Test
    void withoutSettingsEverybodyMayDoEverything() throws Exception {
        AccessOptions access = load("config_a='1 1 eth0 /x'\n", "").get(0).options().access();
        assertEquals(AccessOptions.OPEN, access);
        assertEquals(ALL, access.rightsOf(A));
    }

    @Test
    void allowAddsToTheDefaultAndDenyTakesAwayLast() throws Exception {
        AccessOptions access =
                load(
                                "config_a='1 1 eth0 /x'\n",
                                """
                                vblade4j {
                                  groups.writers = ["02000000000a", "02000000000b"]
                                  overrides.a.access {
                                    default = [discover, read]
                                    allow.write = ${vblade4j.groups.writers}
                                    deny { write = ["02000000000b"], discover = ["02000000000c"] }
                                  }
                                }
                                """)
                        .get(0)
                        .options()
                        .access();
        assertEquals(EnumSet.of(Right.DISCOVER, Right.READ, Right.WRITE), access.rightsOf(A));
        assertEquals(EnumSet.of(Right.DISCOVER, Right.READ), access.rightsOf(B));
        assertEquals(EnumSet.of(Right.READ), access.rightsOf(C));
        assertEquals(EnumSet.of(Right.DISCOVER, Right.READ), access.rightsOf(1L << 40));
        assertEquals(Set.of(A, B, C), access.stations());
    }

    @Test
    void anExportInheritsEachKeyThatItDoesNotGive() throws Exception {
        AccessOptions access =
                load(
                                "",
                                """
                                vblade4j {
                                  defaults.access { default = [read], deny.read = ["02000000000a"] }
                                  exports.b {
                                    shelf = 1, slot = 1, interface = eth0, device = /x
                                    access { default = [discover, read], allow.config = ["02000000000a"] }
                                  }
                                }
                                """)
                        .get(0)
                        .options()
                        .access();
        assertEquals(EnumSet.of(Right.DISCOVER, Right.CONFIG), access.rightsOf(A));
        assertEquals(EnumSet.of(Right.DISCOVER, Right.READ), access.rightsOf(B));
    }

    @Test
    void limitsAndLossesAreReadPerExport() throws Exception {
        ExportOptions options =
                load(
                                "config_a='1 1 eth0 /x'\n",
                                """
                                vblade4j.defaults.limits.requests-per-second = 1000
                                vblade4j.overrides.a {
                                  limits { bytes-per-second = 5000000000, queries-per-second = 0
                                           unknown-bytes-per-second = 1000, unknown-changes-per-second = 7 }
                                  on-backend-loss = fail
                                  on-no-space = stall
                                  stall-limit = 1500 ms
                                }
                                """)
                        .get(0)
                        .options();
        assertEquals(new ClientLimits(1000, 5_000_000_000L, 0, 1000, 7), options.limits());
        assertEquals(
                new BackendLoss(
                        BackendLoss.Answer.FAIL, BackendLoss.Answer.STALL, Duration.ofMillis(1500)),
                options.loss());
    }

    @Test
    void rightsThatHelpNobodyAreWarnedOf() throws Exception {
        assertEquals(
                List.of(
                        "confd:1: a: 1 stations may write, but not both discover and read",
                        "confd:2: b: no station has any right, so nobody is served"),
                configuration(
                                "config_a='1 1 eth0 /x'\nconfig_b='1 2 eth0 /y'\n",
                                """
                                vblade4j.defaults.access.default = []
                                vblade4j.overrides.a.access.allow.write = ["02000000000a"]
                                """)
                        .warnings()
                        .stream()
                        .map(warning -> warning.toString().replace(directory + "/", ""))
                        .toList());
    }
}
