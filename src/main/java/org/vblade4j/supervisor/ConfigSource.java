// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.nio.file.Path;
import java.util.Optional;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.ExportSpec;

/** Where the supervisor's configuration comes from; called on its thread. */
public interface ConfigSource {
    /** Reads everything, as it is now. */
    Configuration load() throws ConfigException;

    /** Reads one export from a line that a shell has expanded already. */
    ExportSpec parse(String name, String line) throws ConfigException;

    /** True when these are the files that are read here. */
    default boolean reads(String confd, String settings) {
        return false;
    }

    /**
     * Reads everything like {@link #load}, and writes the very text that was read into a directory,
     * for {@link #kept}. Where it cannot be written, that is logged.
     */
    default Configuration loadAndKeep(Path directory) throws ConfigException {
        return load();
    }

    /** What was kept there last, to be read in place of this; empty when nothing was. */
    default Optional<ConfigSource> kept(Path directory) {
        return Optional.empty();
    }
}
