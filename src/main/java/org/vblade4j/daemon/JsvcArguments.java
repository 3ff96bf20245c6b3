// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.daemon.DaemonInitException;

/** Where things are when jsvc starts the supervisor; the names are those of {@code supervise}. */
record JsvcArguments(
        Path confd,
        Path settings,
        Path socket,
        Path stateDirectory,
        Path dataDirectory,
        boolean autostart) {
    /** Words that are given replace what is installed. */
    static JsvcArguments parse(List<String> words) throws DaemonInitException {
        String confd = InstalledPaths.CONFD;
        String settings = InstalledPaths.SETTINGS;
        String socket = InstalledPaths.SOCKET;
        String stateDirectory = InstalledPaths.STATE_DIRECTORY;
        String dataDirectory = InstalledPaths.DATA_DIRECTORY;
        boolean autostart = true;
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--confd" -> confd = value(word, rest);
                case "--settings" -> settings = value(word, rest);
                case "--socket" -> socket = value(word, rest);
                case "--state-dir" -> stateDirectory = value(word, rest);
                case "--data-dir" -> dataDirectory = value(word, rest);
                case "--no-autostart" -> autostart = false;
                default ->
                        throw new DaemonInitException(
                                "'"
                                        + word
                                        + "': expected --no-autostart, or --confd, --settings, --socket, --state-dir"
                                        + " or --data-dir with a path");
            }
        }
        return new JsvcArguments(
                Path.of(confd),
                Path.of(settings),
                Path.of(socket),
                Path.of(stateDirectory),
                Path.of(dataDirectory),
                autostart);
    }

    private static String value(String option, Iterator<String> rest) throws DaemonInitException {
        if (!rest.hasNext()) {
            throw new DaemonInitException(option + ": expected a path after it");
        }
        return rest.next();
    }
}
