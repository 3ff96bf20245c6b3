// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.nio.file.Path;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.Problem;
import org.vblade4j.daemon.InstalledPaths;

/** What {@code checkconfig --files-only} does, for an init script that waits for it. */
final class FilesCheck {
    private FilesCheck() {}

    /** Returns the exit status. */
    static int run(Console console) {
        try {
            Configuration found =
                    new ConfigLoader(
                                    Path.of(InstalledPaths.CONFD), Path.of(InstalledPaths.SETTINGS))
                            .load();
            for (Problem warning : found.warnings()) {
                console.err().println("warning: " + warning);
            }
            int exports = found.exports().size();
            console.out()
                    .println(
                            exports == 1
                                    ? "1 export, no problem"
                                    : exports + " exports, no problem");
            return ExitStatus.OK.code();
        } catch (ConfigException e) {
            return LeanCall.failed(e, "vblade4j", console);
        }
    }
}
