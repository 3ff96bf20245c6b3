// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vblade4j.cli.common.Console;
import org.vblade4j.config.ConfigException;
import org.vblade4j.daemon.InstalledPaths;
import org.vblade4j.daemon.SupervisorDaemon;

/**
 * {@code supervise} as init systems write it, without the time that a command line parser takes to
 * load: hosts wait for the exports of a supervisor that was killed. What is written otherwise is
 * left to the parser, and what is written so has the same outcome there.
 *
 * <pre>
 * supervise [--no-autostart] [--socket PATH] [--state-dir DIR]
 * </pre>
 */
final class LeanSupervise {
    /** Set by an init script that stops a supervisor that was refused. */
    private static final String RESPAWNED = "VBLADE4J_RESPAWNED";

    private static final long STOP_NS = TimeUnit.SECONDS.toNanos(10);

    private LeanSupervise() {}

    /** The exit status when the supervisor has ended; empty when the parser has to look at it. */
    static OptionalInt run(List<String> words, Console console) {
        SupervisorDaemon daemon = daemon(words);
        if (daemon == null) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(daemon.run());
        } catch (IOException e) {
            return OptionalInt.of(LeanCall.failed(e, "vblade4j", console));
        } catch (ConfigException e) {
            int status = LeanCall.failed(e, "vblade4j", console);
            awaitStop();
            return OptionalInt.of(status);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the main thread", e);
        }
    }

    /**
     * supervise-daemon starts the next one at once, also while it is told to stop because this one
     * was refused; what it has just started would outlive it and come up when the files are right.
     */
    private static void awaitStop() {
        if (System.getenv(RESPAWNED) != null) {
            LockSupport.parkNanos(STOP_NS);
        }
    }

    private static SupervisorDaemon daemon(List<String> words) {
        if (words.isEmpty() || !words.get(0).equals("supervise")) {
            return null;
        }
        String socket = InstalledPaths.SOCKET;
        String stateDirectory = InstalledPaths.STATE_DIRECTORY;
        boolean autostart = true;
        Iterator<String> rest = words.subList(1, words.size()).iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.equals("--no-autostart")) {
                autostart = false;
                continue;
            }
            String value = rest.hasNext() ? rest.next() : "";
            if (value.isEmpty() || value.startsWith("-")) {
                return null;
            }
            switch (word) {
                case "--socket" -> socket = value;
                case "--state-dir" -> stateDirectory = value;
                default -> {
                    return null;
                }
            }
        }
        return new SupervisorDaemon(
                Path.of(InstalledPaths.CONFD),
                Path.of(InstalledPaths.SETTINGS),
                Path.of(socket),
                Path.of(stateDirectory),
                Path.of(InstalledPaths.DATA_DIRECTORY),
                autostart);
    }
}
