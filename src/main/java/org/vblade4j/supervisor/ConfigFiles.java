// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.ExportSpec;

/** The configuration files as the supervisor's source. */
public record ConfigFiles(ConfigLoader loader) implements ConfigSource {
    @Override
    public Configuration load() throws ConfigException {
        return loader.load();
    }

    @Override
    public ExportSpec parse(String name, String line) throws ConfigException {
        return loader.parse(name, line);
    }
}
