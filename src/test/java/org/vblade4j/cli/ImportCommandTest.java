// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    @TempDir Path directory;

    @Test
    void whatItPrintsIsAFileThatPassesTheCheck() throws IOException {
        Path old = Files.createDirectory(directory.resolve("old"));
        Files.writeString(old.resolve("a.conf"), "shelf=1\nslot=2\nnetif=none0\nfilename=/srv/a\n");

        Cli.Result imported = Cli.run("vblade4j", "import", old.toString());

        assertEquals(
                "# " + old.resolve("a.conf") + "\nconfig_a=\"1 2 none0 /srv/a\"\n", imported.out());
        assertEquals(0, imported.status());
        Path confd = Files.writeString(directory.resolve("vblade"), imported.out());
        assertEquals(0, check(confd, "--files-only").status());
        assertEquals(1, check(confd).status(), "there is no interface none0");
    }

    @Test
    void whatCannotBeTakenOverFailsAfterTheRestWasPrinted() throws IOException {
        Files.writeString(
                directory.resolve("a.conf"), "shelf=x\nslot=2\nnetif=eth0\nfilename=/srv/a\n");
        Files.writeString(
                directory.resolve("b.conf"),
                "shelf=1\nslot=2\nnetif=eth0\nfilename=/srv/b\nionice=-c3\n");

        Cli.Result imported = Cli.run("vblade4j", "import", directory.toString());

        assertEquals(1, imported.status());
        assertTrue(imported.out().contains("config_b=\"1 2 eth0 /srv/b\""), imported.out());
        assertTrue(imported.err().contains("a.conf: "), imported.err());
        assertTrue(imported.err().contains("warning: "), imported.err());
    }

    @Test
    void aDirectoryThatIsNotThereIsAnError() {
        Cli.Result imported = Cli.run("vblade4j", "import", directory.resolve("none").toString());

        assertTrue(imported.status() != 0);
        assertTrue(imported.err().contains("none"), imported.err());
    }

    private Cli.Result check(Path confd, String... options) throws IOException {
        String settings = Files.writeString(directory.resolve("settings"), "").toString();
        String[] words = {
            "vblade4j", "checkconfig", "--confd", confd.toString(), "--settings", settings
        };
        String[] all = Arrays.copyOf(words, words.length + options.length);
        System.arraycopy(options, 0, all, words.length, options.length);
        return Cli.run(all);
    }
}
