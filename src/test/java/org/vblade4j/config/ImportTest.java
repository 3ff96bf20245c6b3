// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImportTest {
    @TempDir Path directory;

    /** One of Debian's files, and the conf.d line, problem or warning that becomes of it. */
    record Debian(String description, String name, String text, String result) {
        @Override
        public String toString() {
            return description;
        }
    }

    static Stream<Debian> debian() {
        return Stream.of(
                new Debian(
                        "every variable and option",
                        "export",
                        """
                        shelf=14
                        slot=2
                        netif=ens3
                        filename=/dev/mapper/export
                        options='-r -m 10:22:33:44:55:66,22:33:44:55:66:77 -o 8'
                        """,
                        "config_export=\"-r -m 10:22:33:44:55:66,22:33:44:55:66:77 -o 8 14 2 ens3"
                                + " /dev/mapper/export\""),
                new Debian(
                        "a name that is no identifier",
                        "vblade.persist.e1.2",
                        "shelf=1\nslot=2\nnetif=eth0\nfilename=/srv/a\n",
                        "config_vblade_persist_e1_2=\"1 2 eth0 /srv/a\""),
                new Debian(
                        "a name that starts with a digit",
                        "0-1",
                        "shelf=0\nslot=1\nnetif=eth0\nfilename=/srv/a\n",
                        "config__0_1=\"0 1 eth0 /srv/a\""),
                new Debian(
                        "a file name with a blank and shell variables",
                        "a",
                        "d=/srv\nshelf=0\nslot=1\nnetif=eth0\nfilename=\"$d/my disk\"\n",
                        "config_a=\"0 1 eth0 '/srv/my disk'\""),
                new Debian(
                        "ionice",
                        "a",
                        "shelf=0\nslot=1\nnetif=eth0\nfilename=/srv/a\nionice='-c 3'\n",
                        "config_a=\"0 1 eth0 /srv/a\" warning: ionice is not taken over: one process"
                                + " serves all exports"),
                new Debian("the skeleton, all comments", "skeleton", "# shelf=\n# slot=\n", ""),
                new Debian("all empty", "empty", "shelf=\nslot=\nnetif=\nfilename=\n", ""),
                new Debian(
                        "incomplete",
                        "a",
                        "shelf=1\nnetif=eth0\n",
                        "warning: no slot, filename; left out"));
    }

    @ParameterizedTest
    @MethodSource("debian")
    void debiansFilesBecomeConfdLines(Debian row) throws IOException {
        write(row.name + ".conf", row.text);

        assertEquals(row.result, summary(DebianExports.read(directory)));
    }

    @Test
    void whatNeedsAShellIsAProblemWithItsLine() throws IOException {
        write("a.conf", "shelf=1\nslot=$(cat /slot)\nnetif=eth0\nfilename=/srv/a\n");

        ImportedExports imported = DebianExports.read(directory);

        assertEquals(List.of(), imported.exports());
        assertEquals(
                new Origin(directory.resolve("a.conf").toString(), 2),
                imported.problems().get(0).origin());
    }

    @Test
    void badValuesAreProblemsAndTheOtherFilesGoOn() throws IOException {
        write("a.conf", "shelf=65535\nslot=1\nnetif=eth0\nfilename=/srv/a\n");
        write("b.conf", "shelf=1\nslot=1\nnetif=eth0\nfilename=/srv/b\noptions=-x\n");
        write("c.conf", "shelf=1\nslot=1\nnetif=eth0\nfilename=/srv/c\n");
        write("c_.conf", "shelf=1\nslot=2\nnetif=eth0\nfilename=/srv/c\n");
        write("c-.conf", "shelf=1\nslot=3\nnetif=eth0\nfilename=/srv/c\n");

        ImportedExports imported = DebianExports.read(directory);

        assertEquals(
                List.of("c_", "c"), imported.exports().stream().map(ExportSpec::name).toList());
        assertEquals(3, imported.problems().size(), imported.problems()::toString);
    }

    @Test
    void runitServicesBecomeConfdLines() throws IOException {
        write("e1.2/env/SHELF", "1\n");
        write("e1.2/env/SLOT", "2  \n");
        write("e1.2/env/NETIF", "eth0\nsecond line\n");
        write("e1.2/env/SOURCE", "/dev/sdb");
        write("e1.2/macs/00aabbccddee", "");
        write("e1.2/macs/00aabbccddef", "");
        write("e1.3/env/SHELF", "1\n");
        write("e1.4/env/SHELF", "1\n");
        write("e1.4/env/SLOT", "4\n");
        write("e1.4/env/NETIF", "eth0\n");
        write("e1.4/env/SOURCE", "/dev/sdc\n");
        write("e1.4/down", "");

        assertTrue(PersistExports.isAt(directory));
        assertEquals(
                "config_e1_2=\"-m 00:aa:bb:cc:dd:ee,00:aa:bb:cc:dd:ef 1 2 eth0 /dev/sdb\""
                        + " config_e1_4=\"1 4 eth0 /dev/sdc\""
                        + " warning: no SLOT, NETIF, SOURCE; left out"
                        + " warning: was not started at boot (it has a file 'down')",
                summary(PersistExports.read(directory)));
    }

    @Test
    void aDirectoryOfFilesIsNotPersists() throws IOException {
        write("a.conf", "");

        assertFalse(PersistExports.isAt(directory));
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static String summary(ImportedExports imported) {
        assertEquals(List.of(), imported.problems());
        Stream<String> lines = imported.exports().stream().map(VbladeArgs::toAssignment);
        Stream<String> warnings =
                imported.warnings().stream().map(warning -> "warning: " + warning.message());
        return String.join(" ", Stream.concat(lines, warnings).toList());
    }
}
