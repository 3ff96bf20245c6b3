// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is mounted, as a thread's namespaces see it. Says what lies at a path without a look at any
 * file system that might not answer.
 */
public final class MountTable {
    private static final Path OWN = Path.of("/proc/thread-self/mountinfo");
    private static final Path ROOT = Path.of("/");
    private static final int MAX_LINKS = 40; // as the kernel has it

    private final List<Mount> mounts = new ArrayList<>();
    private final Map<String, Mount> byPlace = new HashMap<>();
    private final Optional<Mount> root;

    private MountTable(List<String> lines) {
        lines.forEach(line -> Mount.parse(line).ifPresent(mounts::add));
        Map<Long, Mount> byId = new HashMap<>();
        for (Mount mount : mounts) {
            byId.put(mount.id(), mount);
            byPlace.put(place(mount.parent(), mount.point()), mount);
        }
        root =
                mounts.stream()
                        .filter(mount -> mount.point().equals("/"))
                        .filter(mount -> !onAnotherAtRoot(mount, byId))
                        .findFirst()
                        .map(mount -> covering(mount, "/"));
    }

    private static boolean onAnotherAtRoot(Mount mount, Map<Long, Mount> byId) {
        return mount.parent() != mount.id() && byId.containsKey(mount.parent());
    }

    private static String place(long parent, String point) {
        return parent + " " + point;
    }

    /** As this thread sees it now; empty where there is no /proc. */
    static MountTable now() {
        return read(OWN);
    }

    static MountTable read(Path mountinfo) {
        return new MountTable(ProcFile.lines(mountinfo));
    }

    List<Mount> mounts() {
        return mounts;
    }

    /** Where the block device is mounted. */
    Optional<String> mountPoint(DeviceId device) {
        return mounts.stream().filter(mount -> isOf(mount, device)).map(Mount::point).findFirst();
    }

    /** Some file systems have a number of their own there, and the device only as their source. */
    private boolean isOf(Mount mount, DeviceId device) {
        return mount.numbers().equals(device.numbers())
                || (mount.numbers().startsWith("0:") && lies(mount.source(), device, Mount::local));
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
        return now().mounts.stream()
                .filter(mount -> mount.numbers().equals(numbers))
                .map(mount -> mount.type() + " " + mount.source())
                .findFirst();
    }

    /** The mount that a path without symbolic links lies on. */
    Optional<Mount> at(Path path) {
        Mount mount = root.orElse(null);
        Path at = ROOT;
        for (Path name : path.normalize()) {
            at = at.resolve(name);
            mount = mount == null ? null : covering(mount, at.toString());
        }
        return Optional.ofNullable(mount);
    }

    /** What is mounted there last, or the mount itself. */
    private Mount covering(Mount mount, String point) {
        Mount top = mount;
        Mount next = byPlace.get(place(top.id(), point));
        while (next != null && next.id() != top.id()) {
            top = next;
            next = byPlace.get(place(top.id(), point));
        }
        return top;
    }

    /**
     * True when that is what lies at a path, as far as it can be followed through file systems that
     * may be looked at; the one of the root directory, which this program runs from, always may.
     */
    boolean lies(String path, DeviceId id, Predicate<Mount> mayLook) {
        try {
            Optional<Path> found = path.startsWith("/") ? follow(path, mayLook) : Optional.empty();
            return found.isPresent() && DeviceId.of(found.get()).equals(id);
        } catch (IOException | InvalidPathException e) {
            return false; // gone, or not to be seen from here
        }
    }

    /** The path without symbolic links. */
    private Optional<Path> follow(String path, Predicate<Mount> mayLook) throws IOException {
        Deque<Path> names = new ArrayDeque<>();
        Path.of(path).forEach(names::addLast);
        Path at = ROOT;
        int links = 0;
        while (!names.isEmpty()) {
            Path name = names.removeFirst();
            if (name.toString().equals("..")) {
                at = at.equals(ROOT) ? ROOT : at.getParent();
                continue;
            }
            Path next = name.toString().equals(".") ? at : at.resolve(name);
            if (!at(next).filter(mayLook.or(this::isRoot)).isPresent()) {
                return Optional.empty();
            }
            if (!Files.isSymbolicLink(next)) {
                at = next;
            } else if (++links > MAX_LINKS) {
                return Optional.empty();
            } else {
                Path target = Files.readSymbolicLink(next);
                at = target.isAbsolute() ? ROOT : at;
                prepend(target, names);
            }
        }
        return Optional.of(at);
    }

    private boolean isRoot(Mount mount) {
        return root.filter(mount::equals).isPresent();
    }

    private static void prepend(Path target, Deque<Path> names) {
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
            names.addFirst(target.getName(i));
        }
    }
}
