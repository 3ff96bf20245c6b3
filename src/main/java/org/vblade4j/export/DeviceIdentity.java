// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.vblade4j.guard.MountTable;

/**
 * What tells the device at a path from another one that has come to the same path: for a file its
 * inode and the file system that has it, because many number their first file alike; for a block
 * device what sysfs knows of it, and its size where sysfs knows nothing.
 */
final class DeviceIdentity {
    private static final Path SYSFS = Path.of("/sys/dev/block");

    /** Below a device's folder in sysfs; a partition's folder lies in that of its disk. */
    private static final String[] SOURCES = {
        "wwid",
        "device/wwid",
        "device/serial",
        "serial",
        "dm/uuid",
        "md/uuid",
        "partition",
        "start",
        "loop/backing_file",
        "../wwid",
        "../device/wwid",
        "../device/serial",
        "../serial"
    };

    private final Map<String, String> marks;
    private final long sectors;

    private DeviceIdentity(Map<String, String> marks, long sectors) {
        this.marks = marks;
        this.sectors = sectors;
    }

    /**
     * @param sectors its size when it was opened
     */
    static DeviceIdentity of(Path path, long sectors) {
        Map<String, String> marks = new TreeMap<>();
        try {
            if (Files.isRegularFile(path)) {
                marks.put("inode", Files.getAttribute(path, "unix:ino").toString());
                MountTable.fileSystemOf(path).ifPresent(where -> marks.put("file system", where));
            } else {
                long number = (long) Files.getAttribute(path, "unix:rdev");
                sysfsMarks(number, marks);
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // Nothing is known of it, then: its size has to do.
        }
        return new DeviceIdentity(marks, sectors);
    }

    /** The number's layout is that of makedev(3). */
    private static void sysfsMarks(long number, Map<String, String> marks) {
        long major = ((number >>> 8) & 0xfff) | ((number >>> 32) & ~0xfffL);
        long minor = (number & 0xff) | ((number >>> 12) & ~0xffL);
        Path folder = SYSFS.resolve(major + ":" + minor);
        for (String source : SOURCES) {
            try {
                marks.put(source, Files.readString(folder.resolve(source)).strip());
            } catch (IOException e) {
                // This kind of device has no such mark.
            }
        }
    }

    /** True unless they are known to be two devices. */
    boolean maybeSameAs(DeviceIdentity other) {
        if (marks.isEmpty() && other.marks.isEmpty()) {
            return sectors == other.sectors;
        }
        return marks.equals(other.marks);
    }
}
