// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    /**
     * What a settings file says, as the text of one file that needs no other: itself, or all that
     * it and the files that it includes come to.
     *
     * @throws IOException when they cannot be read, or no longer without fault
     */
    public static String selfContained(Path settings) throws IOException {
        String text = Files.readString(settings);
        if (!text.contains("include")) {
            return text;
        }
        List<Problem> problems = new ArrayList<>();
        return new SettingsFile(settings, text, problems::add)
                .parse()
                .map(all -> all.render(ConfigRenderOptions.concise()))
                .orElseThrow(() -> new IOException(problems.toString()));
    }

    /**
     * Reads one export from the value that a shell made of {@code config_NAME}, with the defaults
     * and overrides of the settings file as it is now. The conf.d file is not read.
     */
    public ExportSpec parse(String name, String value) throws ConfigException {
        return new ConfigReading(confd, settings).parse(name, value);
    }
}
