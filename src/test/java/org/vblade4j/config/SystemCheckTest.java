// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemCheckTest {
    private static final String KINDS = "; expected a regular file or a block device";

    @TempDir private Path directory;

    private List<String> problems(String options, String netif, Path device)
            throws ConfigException {
        String line = options + " 1 1 " + netif + " '" + device + "'";
        ExportSpec spec =
                VbladeArgs.parseLine("a", line, ExportOptions.DEFAULTS, new Origin("f", 3));
        return SystemCheck.problems(spec).stream()
                .map(p -> p.toString().replace(directory + "/", ""))
                .toList();
    }

    private Path disk(int bytes) throws IOException {
        return Files.write(directory.resolve("disk"), new byte[bytes]);
    }

    @Test
    void aFileOnAnInterfaceThatExistsIsFine() throws Exception {
        assertEquals(List.of(), problems("-o 1 -l 1", "lo", disk(1024)));
    }

    @Test
    void bothAMissingInterfaceAndAMissingDeviceAreTold() throws Exception {
        List<String> found = problems("", "nosuch0", directory.resolve("x"));
        assertEquals(2, found.size());
        String first = found.get(0).replaceAll("one of .*", "");
        assertEquals("f:3: a: interface 'nosuch0' does not exist; expected ", first);
        assertEquals("f:3: a: device 'x' does not exist" + KINDS, found.get(1));
    }

    @Test
    void onlyFilesAndBlockDevicesHoldSectors() throws Exception {
        assertEquals(
                List.of("f:3: a: device '/dev/null' is a character device" + KINDS),
                problems("", "lo", Path.of("/dev/null")));
        assertEquals(
                List.of("f:3: a: device '/' is a directory" + KINDS),
                problems("", "lo", Path.of("/")));
    }

    @Test
    void linksAreFollowed() throws Exception {
        disk(512);
        Path good = Files.createSymbolicLink(directory.resolve("good"), Path.of("disk"));
        assertEquals(List.of(), problems("", "lo", good));
        Path bad = Files.createSymbolicLink(directory.resolve("bad"), Path.of("nosuch"));
        assertEquals(
                List.of("f:3: a: device 'bad' is a link to a file that does not exist" + KINDS),
                problems("", "lo", bad));
        Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        assertEquals(1, problems("", "lo", loop).size());
    }

    @Test
    void aFileMustHoldWhatIsServed() throws Exception {
        assertEquals(
                List.of("f:3: a: device 'disk' holds 511 bytes; expected at least one sector, 512"),
                problems("", "lo", disk(511)));
        assertEquals(
                List.of("f:3: a: device 'disk' holds 2 sectors; expected more than the offset, 2"),
                problems("-o 2", "lo", disk(1024)));
        assertEquals(
                List.of(
                        "f:3: a: device 'disk' holds 1 sectors behind the offset; expected the"
                                + " length, 2"),
                problems("-o 1 -l 2", "lo", disk(1024)));
    }

    @Test
    void aWholeConfigurationIsCheckedInOrder() throws Exception {
        Path confd = directory.resolve("confd");
        Files.writeString(confd, "config_a='1 1 lo /'\nconfig_b='1 2 lo /dev/null'\n");
        Path settings = Files.writeString(directory.resolve("settings"), "");
        assertEquals(
                List.of("a", "b"),
                SystemCheck.problems(new ConfigLoader(confd, settings).load().exports()).stream()
                        .map(problem -> problem.message().substring(0, 1))
                        .toList());
    }
}
