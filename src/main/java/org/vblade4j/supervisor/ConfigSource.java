// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import org.vblade4j.config.ConfigException;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.ExportSpec;

/** Where the supervisor's configuration comes from; called on its thread. */
public interface ConfigSource {
    /** Reads everything, as it is now. */
    Configuration load() throws ConfigException;

    /** Reads one export from a line that a shell has expanded already. */
    ExportSpec parse(String name, String line) throws ConfigException;
}
