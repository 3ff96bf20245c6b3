// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A loop device with logical blocks of a given size, over a sparse file, and a file system on it if
 * asked for. Needs root.
 */
final class LoopDisk implements AutoCloseable {
    private static final long BYTES = 320L << 20; // the least that mkfs.xfs takes is 300 MiB

    private final Path image;
    private final Path device;
    private Path mountPoint;

    /**
     * @param fileSystem ext4 or xfs, mounted then; null for none
     */
    LoopDisk(int blockBytes, String fileSystem) throws IOException, InterruptedException {
        image = Disks.image(Disks.directory(), BYTES);
        String[] attach = {
            "losetup", "--find", "--show", "--sector-size", "" + blockBytes, image.toString()
        };
        device = Path.of(Disks.run(attach));
        if (fileSystem != null) {
            try {
                mount(fileSystem);
            } catch (IOException | InterruptedException e) {
                close();
                throw e;
            }
        }
    }

    private void mount(String fileSystem) throws IOException, InterruptedException {
        if (fileSystem.equals("ext4")) { // nothing of it is to be written later
            String now = "lazy_itable_init=0,lazy_journal_init=0";
            Disks.run("mkfs.ext4", "-q", "-b", "4096", "-E", now, device.toString());
        } else {
            Disks.run("mkfs." + fileSystem, "-q", device.toString());
        }
        Path point = Files.createDirectory(image.resolveSibling("mount"));
        Disks.run("mount", device.toString(), point.toString());
        mountPoint = point;
    }

    Path device() {
        return device;
    }

    boolean holdsFiles() {
        return mountPoint != null;
    }

    /** A sparse file on the file system. */
    Path file(long bytes) throws IOException {
        return Disks.image(mountPoint, bytes);
    }

    /** Puts all that is written so far on the disk. */
    void sync() throws IOException, InterruptedException {
        Disks.run("sync", "--file-system", mountPoint == null ? "/dev" : mountPoint.toString());
        Disks.run("sync", device.toString());
    }

    /** Sectors of 512 bytes read from the device so far, and written to it. */
    long[] movedSectors() throws IOException {
        Path stat = Path.of("/sys/block").resolve(device.getFileName()).resolve("stat");
        String[] fields = Files.readString(stat).strip().split("\\s+");
        return new long[] {Long.parseLong(fields[2]), Long.parseLong(fields[6])};
    }

    @Override
    public void close() throws IOException {
        try {
            if (mountPoint != null) {
                Disks.run("umount", mountPoint.toString());
            }
            Disks.run("losetup", "--detach", device.toString());
        } catch (InterruptedException e) {
            throw new InterruptedIOException(device + " is still set up");
        }
        Files.delete(image);
    }
}
