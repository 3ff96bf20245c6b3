// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies where, by the lines of a made-up mountinfo. */
class MountTableTest {
    @TempDir Path temporary;
    private Path directory;

    @BeforeEach
    void resolve() throws IOException {
        directory = temporary.toRealPath();
    }

    private MountTable table(String... lines) throws IOException {
        return MountTable.read(Files.write(directory.resolve("mountinfo"), List.of(lines)));
    }

    private static long at(MountTable table, String path) {
        return table.at(Path.of(path)).map(Mount::id).orElse(-1L);
    }

    @Test
    void aPathLiesOnWhatIsMountedLastAboveIt() throws Exception {
        MountTable table =
                table(
                        "1 1 0:2 / / rw - rootfs rootfs rw",
                        "20 1 8:1 / / rw,noatime shared:1 - ext4 /dev/sda1 rw",
                        "21 20 8:2 / /srv rw master:1 - xfs /dev/sdb rw",
                        "22 21 0:40 / /srv/far rw - nfs4 server:/x rw",
                        "23 20 0:41 / /srv rw - tmpfs over rw",
                        "24 20 0:42 / /with\\040blank rw - tmpfs a\\134b rw");
        assertEquals(20, at(table, "/"));
        assertEquals(20, at(table, "/srvx/a"));
        assertEquals(20, at(table, "/etc/passwd"));
        assertEquals(23, at(table, "/srv"));
        assertEquals(23, at(table, "/srv/far/a"), "what is mounted over hides it");
        assertEquals(24, at(table, "/with blank/a"));
        assertEquals("a\\b", table.at(Path.of("/with blank")).orElseThrow().source());
    }

    @Test
    void linesOfAnyOtherKindAreNone() throws Exception {
        assertEquals(
                List.of(), table("", "x", "1 2 3 - 4", "a 1 0:2 / / rw - rootfs x rw").mounts());
        assertEquals(-1, at(table(), "/"));
    }

    @Test
    void linksAreFollowedUpToAFileSystemThatMayNotAnswer() throws Exception {
        Path far = Files.createDirectories(directory.resolve("far"));
        Path disk = Files.write(far.resolve("disk"), new byte[1]);
        Path near = Files.write(directory.resolve("near"), new byte[1]);
        Files.createSymbolicLink(directory.resolve("absolute"), near);
        Files.createSymbolicLink(directory.resolve("relative"), Path.of("far/../absolute"));
        Files.createSymbolicLink(directory.resolve("away"), disk);
        Files.createSymbolicLink(directory.resolve("round"), Path.of("round"));
        Files.createSymbolicLink(far.resolve("back"), near);
        String root = "20 1 8:1 / / rw - ext4 /dev/sda1 rw";
        MountTable open = table(root);
        MountTable table = table(root, "21 20 0:40 / " + far + " rw - fuse.far far rw");
        DeviceId nearId = DeviceId.of(near);

        assertTrue(lies(table, "near", nearId));
        assertTrue(lies(table, "absolute", nearId));
        assertFalse(lies(table, "far", nearId));
        assertFalse(lies(table, "round", nearId));
        assertFalse(lies(table, "missing", nearId));
        assertTrue(lies(open, "relative", nearId));
        assertFalse(lies(table, "relative", nearId), "its way leads through the far one");
        assertTrue(lies(open, "away", DeviceId.of(disk)));
        assertFalse(lies(table, "away", DeviceId.of(disk)));
        assertTrue(lies(open, "far/back", nearId));
        assertFalse(lies(table, "far/back", nearId));
        assertTrue(
                table.lies(directory + "/away", DeviceId.of(disk), mount -> true),
                "unless it may be looked at");
    }

    private boolean lies(MountTable table, String name, DeviceId id) {
        return table.lies(directory.resolve(name).toString(), id, Mount::local);
    }
}
