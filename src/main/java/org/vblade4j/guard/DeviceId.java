// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What lies at a path, whatever the path: symbolic and hard links to one file have one identity,
 * and so do all nodes of one block device.
 *
 * @param block a block device; else a file
 * @param device the block device's own number, or that of the file's file system
 * @param inode the file's inode; 0 for a block device
 */
record DeviceId(boolean block, long device, long inode) {
    private static final int TYPE_MASK = 0xf000; // S_IFMT, inode(7)
    private static final int BLOCK = 0x6000;

    static DeviceId of(Path path) throws IOException {
        Map<String, Object> status = Files.readAttributes(path, "unix:mode,dev,ino,rdev");
        boolean block = ((int) status.get("mode") & TYPE_MASK) == BLOCK;
        long device = (long) status.get(block ? "rdev" : "dev");
        return new DeviceId(block, device, block ? 0 : (long) status.get("ino"));
    }

    static DeviceId ofBlock(int major, int minor) {
        long low = (minor & 0xffL) | ((major & 0xfffL) << 8);
        long high = ((minor & 0xffff_ff00L) << 12) | ((major & 0xffff_f000L) << 32);
        return new DeviceId(true, low | high, 0);
    }

    /** From {@code 8:1}, as in sysfs and mountinfo. */
    static DeviceId ofBlock(String numbers) {
        String[] parts = numbers.strip().split(":");
        return ofBlock(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** As in sysfs, {@code 8:1}; makes sense for block devices. */
    String numbers() {
        long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & 0xffff_f000L);
        long minor = (device & 0xff) | ((device >>> 12) & 0xffff_ff00L);
        return major + ":" + minor;
    }
}
