// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.nio.file.Path;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.config.Configuration;
import org.vblade4j.daemon.InstalledPaths;
import picocli.CommandLine.Option;

/** Which configuration to read. */
final class ConfigFiles {
    static final String CONFD_HELP = "Exports, a line each; default " + InstalledPaths.CONFD + ".";
    static final String SETTINGS_HELP =
            "Settings in HOCON; default " + InstalledPaths.SETTINGS + ".";

    @Option(names = "--confd", paramLabel = "FILE", description = CONFD_HELP)
    private Path confd;

    @Option(names = "--settings", paramLabel = "FILE", description = SETTINGS_HELP)
    private Path settings;

    /** True when any file was named: then the files are meant, not a supervisor. */
    boolean named() {
        return confd != null || settings != null;
    }

    Path confd() {
        return confd == null ? Path.of(InstalledPaths.CONFD) : confd;
    }

    Path settings() {
        return settings == null ? Path.of(InstalledPaths.SETTINGS) : settings;
    }

    Configuration load() throws ConfigException {
        return new ConfigLoader(confd(), settings()).load();
    }
}
