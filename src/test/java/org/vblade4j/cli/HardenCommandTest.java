// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.GuardOptions;
import org.vblade4j.config.Problem;
import org.vblade4j.config.RemoteOptions;
import org.vblade4j.config.Right;

/** What {@code vblade4j harden} prints is what the supervisor reads. */
class HardenCommandTest {
    private static final String HOST = "02:00:00:00:00:01";

    @TempDir Path directory;
    private List<String> warnings;

    private ExportOptions options(String settings) throws Exception {
        Path confd = Files.writeString(directory.resolve("vblade"), "config_a='1 2 eth0 /disk'\n");
        Path conf = Files.writeString(directory.resolve("vblade4j.conf"), settings);
        Configuration loaded = new ConfigLoader(confd, conf).load();
        assertTrue(loaded.daemon().seccomp());
        warnings = loaded.warnings().stream().map(Problem::toString).toList();
        return loaded.exports().get(0).options();
    }

    @Test
    void theSettingsAreValidAsTheyAreAndServeNobody() throws Exception {
        Cli.Result printed = Cli.run("vblade4j", "harden");
        assertEquals(0, printed.status());
        assertEquals("", printed.err());
        ExportOptions options = options(printed.out());
        assertEquals(Set.of(), options.access().byDefault());
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).contains("nobody is served"), warnings.toString());
        assertEquals(GuardOptions.Conflict.REFUSE, options.guard().deviceInUse());
        RemoteOptions remote = options.remote();
        assertEquals(RemoteOptions.Policy.ADMINS, remote.configString());
        assertEquals(RemoteOptions.Policy.ADMINS, remote.reservation());
        assertEquals(20, options.limits().queriesPerSecond());
        assertTrue(options.synced());
    }

    @Test
    void aHostThatIsFilledInHasItsRights() throws Exception {
        String filled =
                Cli.run("vblade4j", "harden")
                        .out()
                        .replace("    hosts = []", "    hosts = [\"" + HOST + "\"]");
        Set<Right> rights = options(filled).access().rightsOf(0x020000000001L);
        assertEquals(List.of(), warnings);
        assertEquals(Set.of(Right.DISCOVER, Right.READ, Right.WRITE), rights);
    }

    @Test
    void theDropInIsOneSectionOfSettings() {
        Cli.Result printed = Cli.run("vblade4j", "harden", "--unit");
        assertEquals(0, printed.status());
        List<String> lines = printed.out().lines().filter(line -> !line.startsWith("#")).toList();
        assertEquals("[Service]", lines.get(0));
        lines.stream().skip(1).forEach(line -> assertTrue(line.matches("[A-Z]\\w+=.*"), line));
    }
}
