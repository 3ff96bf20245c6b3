// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which files the other processes of this machine have open, at one moment: proc(5). Without
 * CAP_SYS_PTRACE the descriptors of most other users' processes, and for a process with few
 * capabilities also those of root's, are not to be seen; of vblade, which takes no locks, the
 * arguments still tell.
 */
final class OpenFiles {
    private static final Path PROC = Path.of("/proc");
    private static final String TARGET_PROGRAM = "vblade";
    private static final int ACCESS_MODE = 3; // O_ACCMODE

    private final Map<DeviceId, List<Use>> uses = new HashMap<>();

    /** One descriptor, or one argument where descriptors are not to be seen. */
    private record Use(long pid, Path info) {}

    private OpenFiles() {}

    static OpenFiles scan() {
        OpenFiles files = new OpenFiles();
        long own = ProcessHandle.current().pid();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != own) {
                    files.look(process, pid);
                }
            }
        } catch (IOException e) {
            return files;
        }
        return files;
    }

    private void look(Path process, long pid) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (mayHoldSectors(Files.readSymbolicLink(descriptor).toString())) {
                    Path info = process.resolve("fdinfo").resolve(descriptor.getFileName());
                    add(descriptor, new Use(pid, info));
                }
            }
        } catch (IOException e) {
            lookAtArguments(process, pid);
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

    private void add(Path path, Use use) {
        try {
            uses.computeIfAbsent(DeviceId.of(path), id -> new ArrayList<>()).add(use);
        } catch (IOException | InvalidPathException e) {
            return; // closed meanwhile
        }
    }

    private void lookAtArguments(Path process, long pid) {
        List<String> words = arguments(process);
        if (!words.isEmpty() && program(words).equals(TARGET_PROGRAM) && !words.contains("-r")) {
            words.stream()
                    .skip(1)
                    .filter(word -> word.startsWith("/"))
                    .forEach(word -> add(Path.of(word), new Use(pid, null)));
        }
    }

    private static String program(List<String> words) {
        return words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
    }

    private static List<String> arguments(Path process) {
        try {
            return List.of(Files.readString(process.resolve("cmdline")).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * A process that writes to the file and does not lock what it writes, or may write; those that
     * lock are left to the locks.
     */
    Optional<String> writer(DeviceId id) {
        return uses.getOrDefault(id, List.of()).stream()
                .filter(OpenFiles::writes)
                .filter(use -> !locks(id, use.pid()))
                .map(use -> describe(use.pid()))
                .findFirst();
    }

    /** A process that has a lock on the file. */
    Optional<String> locker(DeviceId id) {
        return uses.getOrDefault(id, List.of()).stream()
                .filter(use -> !info(use, "lock:").isEmpty())
                .map(use -> describe(use.pid()))
                .findFirst();
    }

    private boolean locks(DeviceId id, long pid) {
        return uses.get(id).stream()
                .filter(use -> use.pid() == pid)
                .flatMap(use -> info(use, "lock:").stream())
                .anyMatch(line -> line.contains("OFDLCK") && line.contains("WRITE"));
    }

    private static boolean writes(Use use) {
        return use.info() == null
                || info(use, "flags:").stream()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .anyMatch(flags -> (Integer.parseInt(flags, 8) & ACCESS_MODE) != 0);
    }

    private static List<String> info(Use use, String key) {
        if (use.info() == null) {
            return List.of();
        }
        try {
            return Files.readAllLines(use.info()).stream()
                    .filter(line -> line.startsWith(key))
                    .toList();
        } catch (IOException e) {
            return List.of(); // closed meanwhile
        }
    }

    private static String describe(long pid) {
        List<String> words = arguments(PROC.resolve(String.valueOf(pid)));
        return "process " + pid + (words.isEmpty() ? "" : " (" + program(words) + ")");
    }
}
