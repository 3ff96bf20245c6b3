// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is mounted or swapped to, as this thread's namespaces see it: proc(5), mountinfo. */
public final class MountTable {
    private static final Path MOUNTS = Path.of("/proc/thread-self/mountinfo");
    private static final Path SWAPS = Path.of("/proc/swaps");

    private MountTable() {}

    /** Where the block device is mounted. */
    static Optional<String> mountPoint(DeviceId device) {
        for (String line : lines(MOUNTS)) {
            String[] fields = line.split(" ");
            if (fields.length > 4 && isOf(fields, device)) {
                return Optional.of(fields[4]);
            }
        }
        return Optional.empty();
    }

    /**
     * Kind and source of the file system that a file lies on, as in {@code nfs4 server:/disks}: the
     * same when it is mounted again, unlike its number. Empty where the system does not tell.
     *
     * @throws IOException nothing is there
     */
    public static Optional<String> fileSystemOf(Path file) throws IOException {
        long number = (long) Files.getAttribute(file, "unix:dev");
        String numbers = new DeviceId(true, number, 0).numbers();
        for (String line : lines(MOUNTS)) {
            List<String> fields = List.of(line.split(" "));
            int separator = fields.indexOf("-");
            if (separator > 2 && separator + 2 < fields.size() && fields.get(2).equals(numbers)) {
                return Optional.of(fields.get(separator + 1) + " " + fields.get(separator + 2));
            }
        }
        return Optional.empty();
    }

    /** Some file systems have a number of their own there, and the device only as their source. */
    private static boolean isOf(String[] fields, DeviceId device) {
        if (fields[2].equals(device.numbers())) {
            return true;
        }
        int separator = List.of(fields).indexOf("-");
        String source = separator > 0 && separator + 2 < fields.length ? fields[separator + 2] : "";
        return fields[2].startsWith("0:") && source.startsWith("/") && is(source, device);
    }

    /** True for a file or block device that is swapped to. */
    static boolean isSwap(DeviceId id) {
        return lines(SWAPS).stream()
                .skip(1)
                .map(line -> line.split("\\s+")[0])
                .anyMatch(path -> is(path, id));
    }

    private static boolean is(String path, DeviceId id) {
        try {
            return DeviceId.of(Path.of(path)).equals(id);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // no /proc, or not all of it: other signs must tell
        }
    }
}
