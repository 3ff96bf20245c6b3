// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.daemon.DaemonInitException;
import org.junit.jupiter.api.Test;

class JsvcArgumentsTest {
    @Test
    void withoutWordsEverythingIsWhereItIsInstalled() throws Exception {
        assertEquals(
                new JsvcArguments(
                        Path.of("/etc/conf.d/vblade"),
                        Path.of("/etc/vblade4j.conf"),
                        Path.of("/run/vblade/control.sock"),
                        Path.of("/run/vblade"),
                        Path.of("/var/lib/vblade4j"),
                        true),
                JsvcArguments.parse(List.of()));
    }

    @Test
    void everythingCanBeGiven() throws Exception {
        assertEquals(
                new JsvcArguments(
                        Path.of("/c"),
                        Path.of("/h"),
                        Path.of("/s"),
                        Path.of("/d"),
                        Path.of("/k"),
                        false),
                JsvcArguments.parse(
                        List.of(
                                "--no-autostart",
                                "--confd",
                                "/c",
                                "--settings",
                                "/h",
                                "--socket",
                                "/s",
                                "--state-dir",
                                "/d",
                                "--data-dir",
                                "/k")));
    }

    @Test
    void otherWordsAndMissingPathsAreRefused() {
        refused(
                "'--user': expected --no-autostart, or --confd, --settings, --socket, --state-dir"
                        + " or --data-dir with a path",
                "--user");
        refused("--confd: expected a path after it", "--socket", "/s", "--confd");
    }

    private static void refused(String message, String... words) {
        DaemonInitException refused =
                assertThrows(DaemonInitException.class, () -> JsvcArguments.parse(List.of(words)));
        assertEquals(message, refused.getMessage());
    }
}
