// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Seccomp;

/** What a supervisor gives up before it serves, and what it says when it has more than it needs. */
final class Confinement {
    private static final Logger LOG = System.getLogger(Confinement.class.getName());
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int HEXADECIMAL = 16;
    private static final int CAP_SYS_ADMIN = 21;

    private Confinement() {}

    /** For good, in all threads. */
    static void of(DaemonSettings settings) {
        of(settings, 0);
    }

    /**
     * The same.
     *
     * @param controller the process that this one may signal; 0 for none
     */
    static void of(DaemonSettings settings, long controller) {
        if (hasEverything()) {
            LOG.log(
                    Level.WARNING,
                    "this process has all of root's capabilities and needs one, CAP_NET_RAW:"
                            + " setpriv of util-linux is missing, or VBLADE_CONFINE is no");
        }
        if (!settings.seccomp()) {
            return;
        }
        try {
            Seccomp.confine(controller);
        } catch (OsException e) {
            LOG.log(
                    Level.WARNING,
                    "system calls are not filtered (vblade4j.daemon.seccomp): {0}",
                    e.getMessage());
        }
    }

    /** Capabilities cannot be given up here: each thread of a JVM has its own. */
    private static boolean hasEverything() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("CapEff:")) {
                    String set = line.substring("CapEff:".length()).strip();
                    return (Long.parseUnsignedLong(set, HEXADECIMAL) >> CAP_SYS_ADMIN & 1) != 0;
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: {1}", STATUS, e.toString());
        }
        return false;
    }
}
