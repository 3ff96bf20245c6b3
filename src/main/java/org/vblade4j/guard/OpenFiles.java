// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which files the other processes of this machine have open, at one moment: proc(5). Without
 * CAP_SYS_PTRACE the descriptors of most other users' processes, and for a process with few
 * capabilities also those of root's, are not to be seen; of vblade, which takes no locks, the
 * arguments still tell. One thread looks, any thread asks what has been found so far.
 */
final class OpenFiles {
    private static final String TARGET_PROGRAM = "vblade";

    private final Path proc;
    private final Map<Long, Mount> mounts = new HashMap<>();
    private final Queue<OpenFile> files = new ConcurrentLinkedQueue<>();
    private final Queue<Argument> arguments = new ConcurrentLinkedQueue<>();
    private final AtomicLong steps = new AtomicLong();
    private volatile long at;

    /** A file that a target was started with, whose descriptors are not to be seen. */
    private record Argument(long pid, String path) {}

    /**
     * @param proc where proc(5) is mounted
     */
    OpenFiles(Path proc) {
        this.proc = proc;
    }

    /**
     * Looks at all processes but this one.
     *
     * @param passedOver processes that are not looked at
     */
    void look(Set<Long> passedOver) {
        long own = ProcessHandle.current().pid();
        addMounts(proc.resolve("thread-self"));
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != own && !passedOver.contains(pid)) {
                    at = pid;
                    look(process, pid);
                }
            }
        } catch (IOException e) {
            return; // no /proc: other signs must tell
        }
    }

    /** The process that is being looked at. */
    long at() {
        return at;
    }

    /** Grows as long as the look goes on. */
    long steps() {
        return steps.get();
    }

    private void addMounts(Path process) {
        MountTable.read(process.resolve("mountinfo"))
                .mounts()
                .forEach(mount -> mounts.putIfAbsent(mount.id(), mount));
    }

    private void look(Path process, long pid) {
        boolean known = false;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                steps.incrementAndGet();
                known |= look(process, pid, descriptor, known);
            }
        } catch (IOException e) {
            lookAtArguments(process, pid);
        }
    }

    /**
     * @param known what the process sees mounted has been read
     * @return the same, afterwards
     */
    private boolean look(Path process, long pid, Path descriptor, boolean known)
            throws IOException {
        String name;
        try {
            name = Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return known; // closed meanwhile
        }
        if (!mayHoldSectors(name)) {
            return known;
        }
        Path info = process.resolve("fdinfo").resolve(descriptor.getFileName());
        List<String> lines = ProcFile.lines(info);
        long mountId = OpenFile.mountId(lines);
        boolean foreign = !mounts.containsKey(mountId);
        if (foreign && !known) {
            addMounts(process); // it is in a namespace of its own
        }
        Optional<Mount> mount = Optional.ofNullable(mounts.get(mountId));
        add(new OpenFile(pid, descriptor, name, mount, lines));
        return known || foreign;
    }

    private void add(OpenFile file) {
        if (file.writes() || file.locks()) {
            files.add(file);
        }
    }

    private static boolean mayHoldSectors(String file) {
        return file.startsWith("/")
                && !file.equals("/dev/null")
                && !file.startsWith("/dev/pts/")
                && !file.startsWith("/memfd:")
                && !file.startsWith("/proc/")
                && !file.startsWith("/sys/");
    }

    /** The name first: to read its arguments may mean to wait for a process. */
    private void lookAtArguments(Path process, long pid) {
        steps.incrementAndGet();
        if (!ProcFile.text(process.resolve("comm")).strip().equals(TARGET_PROGRAM)) {
            return;
        }
        List<String> words = List.of(ProcFile.text(process.resolve("cmdline")).split("\0"));
        if (!words.contains("-r")) {
            words.stream()
                    .skip(1)
                    .filter(word -> word.startsWith("/"))
                    .forEach(word -> arguments.add(new Argument(pid, word)));
        }
    }

    /**
     * A process that writes to a file and does not lock what it writes, or may write; those that
     * lock are left to the locks.
     *
     * @param wanted which descriptors are the file's
     * @param named which arguments are
     */
    Optional<String> writer(Predicate<OpenFile> wanted, Predicate<String> named) {
        List<OpenFile> users = files.stream().filter(wanted).toList();
        Stream<Long> writers =
                users.stream()
                        .filter(OpenFile::writes)
                        .map(OpenFile::pid)
                        .filter(pid -> !locksWrites(users, pid));
        Stream<Long> targets =
                arguments.stream()
                        .filter(argument -> named.test(argument.path()))
                        .map(Argument::pid);
        return Stream.concat(writers, targets).map(this::describe).findFirst();
    }

    private static boolean locksWrites(List<OpenFile> users, long pid) {
        return users.stream().anyMatch(file -> file.pid() == pid && file.locksWrites());
    }

    /** A process that has a lock on a file. */
    Optional<String> locker(Predicate<OpenFile> wanted) {
        return files.stream()
                .filter(OpenFile::locks)
                .filter(wanted)
                .map(file -> describe(file.pid()))
                .findFirst();
    }

    private String describe(long pid) {
        String name = ProcFile.text(proc.resolve(String.valueOf(pid)).resolve("comm")).strip();
        return "process " + pid + (name.isEmpty() ? "" : " (" + name + ")");
    }
}
