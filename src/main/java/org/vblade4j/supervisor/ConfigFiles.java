// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.ExportSpec;

/** The supervisor's configuration as the two files have it. */
public final class ConfigFiles implements ConfigSource {
    private static final Logger LOG = System.getLogger(ConfigFiles.class.getName());

    private final ConfigLoader loader;
    private final boolean autostart;

    /**
     * @param autostart false overrules what the files say
     */
    public ConfigFiles(Path confd, Path settings, boolean autostart) {
        this.loader = new ConfigLoader(confd, settings);
        this.autostart = autostart;
    }

    @Override
    public Configuration load() throws ConfigException {
        Configuration loaded = loader.load();
        loaded.warnings().forEach(warning -> LOG.log(Level.WARNING, warning.toString()));
        DaemonSettings daemon = loaded.daemon();
        return new Configuration(
                new DaemonSettings(
                        autostart && daemon.autostart(), daemon.restart(), daemon.receiveFrames()),
                loaded.exports(),
                loaded.warnings());
    }

    @Override
    public ExportSpec parse(String name, String line) throws ConfigException {
        return loader.parse(name, line);
    }
}
