// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What sysfs tells about block devices; what it does not tell is answered as absent. */
final class BlockDevices {
    private static final Path BY_NUMBERS = Path.of("/sys/dev/block");
    private static final Path ALL = Path.of("/sys/block");
    private static final int SECTOR_BYTES = 512;

    private BlockDevices() {}

    /** A loop device over a file. */
    record Loop(Path device, Path file, ByteRange range) {}

    /** The device, its partitions, and the disk that it is a partition of. */
    static List<DeviceId> related(DeviceId id) {
        List<DeviceId> related = new ArrayList<>(List.of(id));
        Path directory = real(id);
        if (Files.exists(directory.resolve("partition"))) {
            number(directory.getParent()).ifPresent(related::add);
        }
        for (Path entry : entries(directory, "*")) {
            if (Files.exists(entry.resolve("partition"))) {
                number(entry).ifPresent(related::add);
            }
        }
        return related;
    }

    /** {@code /dev/sda1}. */
    static Path name(DeviceId id) {
        return Path.of("/dev").resolve(real(id).getFileName());
    }

    /** The devices that are made of this one: device mapper, RAID, bcache. */
    static List<String> holders(DeviceId id) {
        List<String> holders = new ArrayList<>();
        for (Path holder : entries(real(id).resolve("holders"), "*")) {
            String mapped =
                    text(holder.resolve("dm/name")).map(name -> " (" + name + ")").orElse("");
            holders.add("/dev/" + holder.getFileName() + mapped);
        }
        return holders;
    }

    /** Empty when the device is no loop device, or is not set up. */
    static Optional<Loop> loop(DeviceId id) {
        return loop(real(id));
    }

    private static Optional<Loop> loop(Path directory) {
        Optional<String> file = text(directory.resolve("loop/backing_file"));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        long offset = number(directory.resolve("loop/offset"), 0);
        long limit = number(directory.resolve("loop/sizelimit"), 0);
        return Optional.of(
                new Loop(
                        Path.of("/dev").resolve(directory.getFileName()),
                        Path.of(file.get()),
                        new ByteRange(offset, limit)));
    }

    /** The writable loop devices. */
    static List<Loop> loops() {
        List<Loop> loops = new ArrayList<>();
        for (Path directory : entries(ALL, "loop*")) {
            if (number(directory.resolve("ro"), 0) == 0) {
                loop(directory).ifPresent(loops::add);
            }
        }
        return loops;
    }

    /** The device's size in bytes, 0 when unknown. */
    static long sizeBytes(DeviceId id) {
        return number(real(id).resolve("size"), 0) * SECTOR_BYTES;
    }

    private static Path real(DeviceId id) {
        Path link = BY_NUMBERS.resolve(id.numbers());
        try {
            return link.toRealPath();
        } catch (IOException e) {
            return link;
        }
    }

    private static Optional<DeviceId> number(Path directory) {
        return text(directory.resolve("dev")).map(DeviceId::ofBlock);
    }

    private static long number(Path file, long otherwise) {
        return text(file).map(Long::parseLong).orElse(otherwise);
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Path> entries(Path directory, String glob) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            return List.of();
        }
        return entries;
    }
}
