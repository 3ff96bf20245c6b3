// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A descriptor of another process, as its link and its fdinfo in /proc tell. Neither of them asks
 * the file system that the file lies on; {@link #is} does so only where that can be waited for.
 */
final class OpenFile {
    private static final int ACCESS_MODE = 3; // O_ACCMODE
    private static final int OCTAL = 8;

    private final long pid;
    private final Path descriptor;
    private final String name;
    private final Optional<Mount> mount;
    private final boolean writes;
    private final List<String> locks;
    private Optional<DeviceId> id = Optional.empty();
    private boolean looked;

    /**
     * @param descriptor {@code /proc/PID/fd/N}
     * @param name where its link leads to
     * @param mount what it lies on, where that is known
     * @param info the lines of its fdinfo
     */
    OpenFile(long pid, Path descriptor, String name, Optional<Mount> mount, List<String> info) {
        this.pid = pid;
        this.descriptor = descriptor;
        this.name = name;
        this.mount = mount;
        int flags = value(info, "flags:").map(text -> Integer.parseInt(text, OCTAL)).orElse(0);
        this.writes = (flags & ACCESS_MODE) != 0;
        this.locks = info.stream().filter(line -> line.startsWith("lock:")).toList();
    }

    /** The number of the mount that a descriptor belongs to, -1 when it does not say. */
    static long mountId(List<String> info) {
        return value(info, "mnt_id:").map(Long::parseLong).orElse(-1L);
    }

    private static Optional<String> value(List<String> info, String key) {
        return info.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst();
    }

    long pid() {
        return pid;
    }

    boolean writes() {
        return writes;
    }

    boolean locks() {
        return !locks.isEmpty();
    }

    /** Has such a lock as an export has. */
    boolean locksWrites() {
        return locks.stream().anyMatch(lock -> lock.contains("OFDLCK") && lock.contains("WRITE"));
    }

    /**
     * True when this is the file or device. A file can only be that when it lies on the same file
     * system. A node of a block device may lie on any: where looking at it might never end, its
     * name has to do.
     *
     * @param at what the wanted file lies on
     */
    boolean is(DeviceId wanted, Optional<Mount> at) {
        boolean mayLook =
                wanted.block()
                        ? mount.filter(Mount::local).isPresent()
                        : mount.isPresent() && at.filter(mount.get()::sameFileSystem).isPresent();
        if (mayLook) {
            return id().filter(wanted::equals).isPresent();
        }
        return wanted.block() && name.equals(BlockDevices.name(wanted).toString());
    }

    private synchronized Optional<DeviceId> id() {
        if (!looked) {
            looked = true;
            try {
                id = Optional.of(DeviceId.of(descriptor));
            } catch (IOException | InvalidPathException e) {
                id = Optional.empty(); // closed meanwhile
            }
        }
        return id;
    }
}
