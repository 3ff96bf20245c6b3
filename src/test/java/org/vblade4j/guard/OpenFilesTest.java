// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors in a made-up /proc, of which each fact can be chosen. */
@Timeout(60)
class OpenFilesTest {
    private static final String READ_WRITE = "0100002";
    private static final String READ_ONLY = "0100000";
    private static final String LOCK = "lock:\t1: OFDLCK ADVISORY WRITE 0 08:01:12 0 EOF";
    private static final int HERE = 21;
    private static final int FAR = 22;

    @TempDir Path directory;
    private Path proc;
    private Path disk;
    private DeviceId id;

    @BeforeEach
    void makeProc() throws IOException {
        disk = Files.write(directory.resolve("disk.img"), new byte[512]);
        id = DeviceId.of(disk);
        proc = Files.createDirectory(directory.resolve("proc"));
        mountinfo(
                "thread-self",
                HERE + " 1 8:1 / / rw - ext4 /dev/sda1 rw",
                FAR + " 21 0:70 / /far rw - fuse.far far rw");
    }

    private void mountinfo(String process, String... lines) throws IOException {
        Files.createDirectories(proc.resolve(process));
        Files.write(proc.resolve(process).resolve("mountinfo"), List.of(lines));
    }

    private void open(int pid, int fd, Path file, String flags, int mount, String... more)
            throws IOException {
        Path process = proc.resolve(String.valueOf(pid));
        Files.createDirectories(process.resolve("fd"));
        Files.createDirectories(process.resolve("fdinfo"));
        Files.writeString(process.resolve("comm"), "writer\n");
        Files.createSymbolicLink(process.resolve("fd/" + fd), file);
        String info = "pos:\t0\nflags:\t" + flags + "\nmnt_id:\t" + mount + "\n";
        Files.writeString(process.resolve("fdinfo/" + fd), info + String.join("\n", more) + "\n");
    }

    private static Mount mount(String numbers) {
        return new Mount(0, 0, numbers, "/", "ext4", "");
    }

    private Optional<String> writer() {
        OpenFiles files = new OpenFiles(proc);
        files.look(Set.of());
        return writer(files);
    }

    private Optional<String> writer(OpenFiles files) {
        return files.writer(
                file -> file.is(id, Optional.of(mount("8:1"))), disk.toString()::equals);
    }

    @Test
    void aWriterOnTheSameFileSystemIsSeen() throws Exception {
        open(101, 3, disk, READ_ONLY, HERE);
        assertEquals(Optional.empty(), writer());
        open(102, 3, disk, READ_WRITE, HERE);
        assertEquals(Optional.of("process 102 (writer)"), writer());
    }

    @Test
    void oneThatLocksWhatItWritesIsLeftToTheLocks() throws Exception {
        open(101, 3, disk, READ_WRITE, HERE);
        open(101, 4, disk, READ_ONLY, HERE, LOCK);
        assertEquals(Optional.empty(), writer());
        OpenFiles files = new OpenFiles(proc);
        files.look(Set.of());
        assertEquals(
                Optional.of("process 101 (writer)"),
                files.locker(file -> file.is(id, Optional.of(mount("8:1")))));
    }

    /** Had it been looked at, it would have been found to be the same file. */
    @Test
    void aFileOnAnotherFileSystemIsNotLookedAt() throws Exception {
        open(101, 3, disk, READ_WRITE, FAR);
        open(102, 3, disk, READ_WRITE, 99);
        assertEquals(Optional.empty(), writer());
    }

    @Test
    void whatAProcessSeesMountedInItsOwnNamespaceCountsToo() throws Exception {
        open(101, 3, disk, READ_WRITE, 99);
        mountinfo("101", "99 1 8:1 / /elsewhere rw - ext4 /dev/sda1 rw");
        assertEquals(Optional.of("process 101 (writer)"), writer());
    }

    @Test
    void aBlockDeviceWhoseNodeMayNotBeLookedAtIsKnownByItsName() throws Exception {
        DeviceId device = DeviceId.ofBlock("99999:1");
        Path name = BlockDevices.name(device);
        open(101, 3, name, READ_WRITE, FAR);
        open(102, 3, disk, READ_WRITE, FAR);
        OpenFiles files = new OpenFiles(proc);
        files.look(Set.of());
        assertEquals(
                Optional.of("process 101 (writer)"),
                files.writer(file -> file.is(device, Optional.empty()), word -> false));
    }

    @Test
    void ofATargetWhoseDescriptorsAreNotToBeSeenTheArgumentsTell() throws Exception {
        Path process = Files.createDirectories(proc.resolve("101"));
        Files.writeString(process.resolve("comm"), "vblade\n");
        Files.writeString(process.resolve("cmdline"), "vblade\0001\0002\0eth0\0" + disk + "\0");
        assertEquals(Optional.of("process 101 (vblade)"), writer());
        Files.writeString(process.resolve("cmdline"), "vblade\0-r\0001\0002\0eth0\0" + disk + "\0");
        assertEquals(Optional.empty(), writer());
        Files.writeString(process.resolve("cmdline"), "vblade\0001\0002\0eth0\0" + disk + "\0");
        Files.writeString(process.resolve("comm"), "another\n");
        assertEquals(Optional.empty(), writer());
    }

    /** A FIFO that nobody writes to holds up its reader as a hung process would. */
    @Test
    void aProcessThatHoldsUpTheLookIsPassedOverUntilItLetsGo() throws Exception {
        open(101, 3, disk, READ_WRITE, HERE);
        Path info = proc.resolve("101/fdinfo/3");
        String text = Files.readString(info);
        Files.delete(info);
        assertEquals(
                0, new ProcessBuilder("mkfifo", info.toString()).inheritIO().start().waitFor());
        open(102, 3, disk, READ_WRITE, HERE);
        Scans scans = new Scans(proc, Duration.ofMillis(300), Duration.ofSeconds(30));

        assertEquals(Optional.of("process 102 (writer)"), writer(scans.fresh()));
        assertEquals(1, guards(), "its thread waits for it");
        assertEquals(Optional.of("process 102 (writer)"), writer(scans.fresh()));
        assertEquals(1, guards(), "and no second one");

        Files.writeString(info, text); // lets go
        while (guards() > 0) {
            Thread.onSpinWait();
        }
        Files.delete(info);
        Files.writeString(info, text);
        Files.delete(proc.resolve("102/fd/3"));
        assertEquals(Optional.of("process 101 (writer)"), writer(scans.fresh()));
    }

    private static long guards() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("guard") && thread.isAlive())
                .count();
    }

    @Test
    void whoWaitsTooLongGetsWhatIsThere() throws Exception {
        Scans scans = new Scans(proc, Duration.ofMillis(50), Duration.ZERO);
        Path comm = Files.createDirectories(proc.resolve("101")).resolve("comm");
        assertEquals(
                0, new ProcessBuilder("mkfifo", comm.toString()).inheritIO().start().waitFor());
        assertEquals(Optional.empty(), writer(scans.fresh()));
        Files.writeString(comm, "x\n");
    }
}
