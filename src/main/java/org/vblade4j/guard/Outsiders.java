// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.util.Optional;

/**
 * Looks for users of a file or device that take no lock, and names those that do. What may not be
 * looked at is passed over.
 */
final class Outsiders {
    private final Scans scans;

    Outsiders(Scans scans) {
        this.scans = scans;
    }

    /** Mounts, swap and devices made of it: what writes to it without any process. */
    Optional<String> kernelUse(DeviceId id, ByteRange range) {
        if (!id.block()) {
            return fileUse(id, range);
        }
        for (DeviceId related : BlockDevices.related(id)) {
            String which = related.equals(id) ? "" : BlockDevices.name(related) + " is ";
            Optional<String> use = deviceUse(related);
            if (use.isPresent()) {
                return use.map(text -> which + text);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> deviceUse(DeviceId id) {
        Optional<String> mounted = MountTable.mountPoint(id).map(where -> "mounted on " + where);
        if (mounted.isPresent()) {
            return mounted;
        }
        if (MountTable.isSwap(id)) {
            return Optional.of("used for swapping");
        }
        return BlockDevices.holders(id).stream().findFirst().map(name -> "part of " + name);
    }

    private static Optional<String> fileUse(DeviceId file, ByteRange range) {
        Optional<String> loop =
                BlockDevices.loopsOver(file).stream()
                        .filter(over -> over.range().overlaps(range))
                        .findFirst()
                        .map(over -> over.device() + " is set up over it (losetup)");
        return loop.isPresent() || !MountTable.isSwap(file)
                ? loop
                : Optional.of("used for swapping");
    }

    /** A process that writes to it and takes no lock. */
    Optional<String> writer(DeviceId id) {
        OpenFiles files = scans.fresh();
        if (!id.block()) {
            return files.writer(id).map(who -> "open for writing by " + who);
        }
        for (DeviceId related : BlockDevices.related(id)) {
            Optional<String> writer = files.writer(related);
            if (writer.isPresent()) {
                String which = related.equals(id) ? "" : BlockDevices.name(related) + " is ";
                return writer.map(who -> which + "open for writing by " + who);
            }
        }
        return Optional.empty();
    }

    /** Who has the lock that is in the way. */
    Optional<String> locker(DeviceId id) {
        return scans.fresh().locker(id);
    }
}
