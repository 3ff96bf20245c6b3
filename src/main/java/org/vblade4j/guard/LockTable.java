// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who has locks on a file, from proc_locks(5), which everybody may read. It names no process for
 * the locks of an open file description.
 */
final class LockTable {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final int WORDS = 8;
    private static final int PID = 4;
    private static final int FILE = 5;

    private LockTable() {}

    /** A process other than this one, and whose it is; -1 where that is not known. */
    record Holder(long pid, long uid) {
        String describe() {
            Path process = Path.of("/proc", String.valueOf(pid));
            String name = ProcFile.text(process.resolve("comm")).strip();
            return "process " + pid + (name.isEmpty() ? "" : " (" + name + ")") + " of user " + uid;
        }

        /** One of root's or of this user may be another target; of any other user none can be. */
        boolean mayBeTarget() {
            return uid <= 0 || uid == uidOf("self");
        }
    }

    /** Those with a lock on a file of this number, on whatever file system. */
    static Stream<Holder> holders(DeviceId id) {
        long own = ProcessHandle.current().pid();
        return ProcFile.lines(LOCKS).stream()
                .map(line -> List.of(line.replace("-> ", "").split("\\s+")))
                .filter(words -> words.size() >= WORDS)
                .filter(words -> words.get(FILE).endsWith(":" + id.inode()))
                .map(words -> Long.parseLong(words.get(PID)))
                .filter(pid -> pid > 0 && pid != own)
                .map(pid -> new Holder(pid, uidOf(String.valueOf(pid))));
    }

    private static long uidOf(String pid) {
        Optional<String> line =
                ProcFile.lines(Path.of("/proc", pid, "status")).stream()
                        .filter(text -> text.startsWith("Uid:"))
                        .findFirst();
        return line.map(text -> Long.parseLong(text.split("\\s+")[2])).orElse(-1L);
    }
}
