// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launchers leave of root's rights to a Java that shows them; needs root and setpriv. */
@Tag("live")
class LauncherConfinesLiveTest {
    private static final String SHOW =
            "grep -E '^(CapEff|NoNewPrivs):' /proc/self/status | tr -d '\\t\\n'; umask";
    private static final String CONFINED = "CapEff:0000000000002000NoNewPrivs:10022\n";

    @TempDir Path root;

    private LauncherFixture fixture(String shell) throws Exception {
        LauncherFixture fixture = new LauncherFixture(shell, root);
        fixture.build();
        fixture.java("java", "17.0.1", SHOW);
        return fixture;
    }

    private String shown(LauncherFixture fixture, Path program, String confine, String... words)
            throws Exception {
        Map<String, String> environment =
                Map.of("VBLADE_JAVA_HOME", root + "/java", "VBLADE_CONFINE", confine);
        LauncherFixture.Outcome outcome = fixture.run(program, environment, words);
        assertEquals("", outcome.err());
        assertEquals(0, outcome.status());
        return outcome.out();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void whatServesOrTalksToStrangersIsConfined(String shell) throws Exception {
        LauncherFixture fixture = fixture(shell);
        Path vblade4j = fixture.bin("vblade4j");
        assertEquals(CONFINED, shown(fixture, vblade4j, "", "supervise"));
        assertEquals(CONFINED, shown(fixture, vblade4j, "yes", "--socket", "/x", "supervise"));
        assertEquals(CONFINED, shown(fixture, fixture.bin("vblade"), "", "1", "2", "lo", "/none"));
        assertEquals(CONFINED, shown(fixture, fixture.bin("aoe"), "", "discover"));
        String files = CONFINED.replace("2000N", "2002N");
        assertEquals(files, shown(fixture, fixture.bin("aoe"), "", "dd", "if=e1.2"));
        assertTrue(shown(fixture, vblade4j, "", "checkconfig").contains("NoNewPrivs:0"));
        for (String no : new String[] {"no", "No", "off", "FALSE", "0"}) {
            assertTrue(shown(fixture, vblade4j, no, "supervise").contains("NoNewPrivs:0"), no);
        }
    }

    /** By an init system, which may have left it less. */
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void whatHasBeenConfinedIsLeftAsItIs(String shell) throws Exception {
        LauncherFixture fixture = fixture(shell);
        Path script = root.resolve("confined");
        LauncherFixture.write(
                script,
                "umask 0; exec /usr/bin/setpriv --no-new-privs --bounding-set -all,+net_raw,+chown --inh-caps"
                        + " -all "
                        + shell
                        + " '"
                        + fixture.bin("vblade4j")
                        + "' \"$@\"\n");
        String expected = "CapEff:0000000000002001NoNewPrivs:10022\n";
        assertEquals(expected, shown(fixture, script, "", "supervise"));
    }
}
