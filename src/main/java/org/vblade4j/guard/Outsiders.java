// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks for users of one file or device that take no lock, and names those that do. What may not be
 * looked at is passed over, and so is what lies on another file system that may not answer: it
 * cannot be this file.
 */
final class Outsiders {
    private static final Path SWAPS = Path.of("/proc/swaps");

    private final Scans scans;
    private final DeviceId id;
    private final MountTable mounts = MountTable.now();

    /** What a file lies on. */
    private final Optional<Mount> on;

    Outsiders(Scans scans, DeviceId id, Path path) {
        this.scans = scans;
        this.id = id;
        this.on = id.block() ? Optional.empty() : Optional.of(mountOf(path));
    }

    private Mount mountOf(Path path) {
        Optional<Mount> known;
        try {
            known = mounts.at(path.toRealPath());
        } catch (IOException e) {
            known = Optional.empty();
        }
        return known.orElseGet(() -> new Mount(0, 0, id.numbers(), "/", "", ""));
    }

    /** Mounts, swap and devices made of it: what writes to it without any process. */
    Optional<String> kernelUse(ByteRange range) {
        if (!id.block()) {
            return fileUse(range);
        }
        for (DeviceId related : BlockDevices.related(id)) {
            Optional<String> use = deviceUse(related);
            if (use.isPresent()) {
                return use.map(text -> which(related) + text);
            }
        }
        return Optional.empty();
    }

    private String which(DeviceId related) {
        return related.equals(id) ? "" : BlockDevices.name(related) + " is ";
    }

    private Optional<String> deviceUse(DeviceId device) {
        Optional<String> mounted = mounts.mountPoint(device).map(where -> "mounted on " + where);
        if (mounted.isPresent()) {
            return mounted;
        }
        if (isSwap(device)) {
            return Optional.of("used for swapping");
        }
        return BlockDevices.holders(device).stream().findFirst().map(name -> "part of " + name);
    }

    private Optional<String> fileUse(ByteRange range) {
        Optional<String> loop =
                BlockDevices.loops().stream()
                        .filter(over -> mounts.lies(over.file().toString(), id, this::mayLook))
                        .filter(over -> over.range().overlaps(range))
                        .findFirst()
                        .map(over -> over.device() + " is set up over it (losetup)");
        return loop.isPresent() || !isSwap(id) ? loop : Optional.of("used for swapping");
    }

    /** True for a file or block device that is swapped to. */
    private boolean isSwap(DeviceId device) {
        return ProcFile.lines(SWAPS).stream()
                .skip(1)
                .map(line -> Mount.plain(line.split("\\s+")[0]))
                .anyMatch(path -> mounts.lies(path, device, this::mayLook));
    }

    private boolean mayLook(Mount mount) {
        return mount.local() || on.filter(mount::sameFileSystem).isPresent();
    }

    /** A process that writes to it and takes no lock. */
    Optional<String> writer() {
        OpenFiles files = scans.fresh();
        if (!id.block()) {
            return writer(files, id);
        }
        for (DeviceId related : BlockDevices.related(id)) {
            Optional<String> writer = writer(files, related);
            if (writer.isPresent()) {
                return writer.map(who -> which(related) + who);
            }
        }
        return Optional.empty();
    }

    private Optional<String> writer(OpenFiles files, DeviceId device) {
        Predicate<String> argument = path -> mounts.lies(path, device, this::mayLook);
        return files.writer(file -> file.is(device, on), argument)
                .map(who -> "open for writing by " + who);
    }

    /** Who has the lock that is in the way. */
    Optional<String> locker() {
        return scans.fresh().locker(file -> file.is(id, on));
    }
}
