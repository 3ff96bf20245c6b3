// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who holds the lock of a state directory, as far as the file and /proc tell. */
record Holder(String pid, String state) {
    /** The process whose number is in the lock file. */
    static Holder of(Path lock) {
        String pid = "";
        try {
            pid = Files.readString(lock).strip();
            for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
                if (line.startsWith("State:")) {
                    return new Holder(pid, line.substring("State:".length()).strip());
                }
            }
        } catch (IOException | RuntimeException e) { // an older one wrote none; or not ours to see
            return new Holder(pid, "");
        }
        return new Holder(pid, "");
    }

    /** Begins with a comma, unless nothing is known. */
    String describe() {
        if (pid.isEmpty()) {
            return "";
        }
        String known = ", process " + pid + (state.isEmpty() ? "" : " in state " + state);
        return ended()
                ? known
                        + ", which has ended but stays in the kernel until a device that hangs has"
                        + " finished what it was asked,"
                : known + ",";
    }

    /** Killed or exited, with a thread that the kernel cannot end yet. */
    private boolean ended() {
        return state.startsWith("Z") || state.startsWith("X") || state.startsWith("D");
    }
}
