// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.io.IOException;
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

    /** Copies what {@link #load} has just read into a directory, for {@link #kept}. */
    default void keep(Path directory) throws IOException {}

    /** What was kept there last, to be read in place of this; empty when nothing was. */
    default Optional<ConfigSource> kept(Path directory) {
        return Optional.empty();
    }
}
