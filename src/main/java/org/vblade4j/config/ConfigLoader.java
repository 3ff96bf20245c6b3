// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.nio.file.Path;

/**
 * Reads both configuration files, all or nothing. What is checked here is what the files say; for
 * the machine they meet see {@link SystemCheck}.
 *
 * <p>An option is what {@code overrides} says, else what the conf.d line or the export's section
 * says, else {@code defaults}, else {@code reference.conf}.
 */
public final class ConfigLoader {
    public static final Path DEFAULT_CONFD = Path.of("/etc/conf.d/vblade");
    public static final Path DEFAULT_SETTINGS = Path.of("/etc/vblade4j.conf");

    private final Path confd;
    private final Path settings;

    /**
     * A file that is missing from its default place is as good as empty, if the other is there;
     * elsewhere somebody named it, and it must exist.
     */
    public ConfigLoader(Path confd, Path settings) {
        this.confd = confd;
        this.settings = settings;
    }

    /**
     * Reads both files as they are now.
     *
     * @throws ConfigException with everything that is wrong with both files
     */
    public Configuration load() throws ConfigException {
        return new ConfigReading(confd, settings).load();
    }

    /** Like {@link #load}, with the text that was read. */
    public LoadedFiles loadFiles() throws ConfigException {
        return new ConfigReading(confd, settings).loadFiles();
    }

    /**
     * Reads one export from the value that a shell made of {@code config_NAME}, with the defaults
     * and overrides of the settings file as it is now. The conf.d file is not read.
     */
    public ExportSpec parse(String name, String value) throws ConfigException {
        return new ConfigReading(confd, settings).parse(name, value);
    }
}
