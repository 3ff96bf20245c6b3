// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.LoadedFiles;

/** The supervisor's configuration as the two files have it. */
public final class ConfigFiles implements ConfigSource {
    private static final Logger LOG = System.getLogger(ConfigFiles.class.getName());

    private static final String KEPT_CONFD = "vblade";
    private static final String KEPT_SETTINGS = "vblade4j.conf";
    private static final FileAttribute<?> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path confd;
    private final Path settings;
    private final ConfigLoader loader;
    private final boolean autostart;

    /**
     * @param autostart false overrules what the files say
     */
    public ConfigFiles(Path confd, Path settings, boolean autostart) {
        this.confd = confd;
        this.settings = settings;
        this.loader = new ConfigLoader(confd, settings);
        this.autostart = autostart;
    }

    @Override
    public Configuration load() throws ConfigException {
        return accepted(loader.load());
    }

    @Override
    public Configuration loadAndKeep(Path directory) throws ConfigException {
        LoadedFiles loaded = loader.loadFiles();
        try {
            keep(loaded, directory);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot keep the configuration: {0}", e.toString());
        }
        return accepted(loaded.configuration());
    }

    private Configuration accepted(Configuration loaded) {
        loaded.warnings().forEach(warning -> LOG.log(Level.WARNING, warning.toString()));
        return new Configuration(
                loaded.daemon().andAutostart(autostart), loaded.exports(), loaded.warnings());
    }

    @Override
    public ExportSpec parse(String name, String line) throws ConfigException {
        return loader.parse(name, line);
    }

    @Override
    public boolean reads(String someConfd, String someSettings) {
        return confd.toString().equals(someConfd) && settings.toString().equals(someSettings);
    }

    /** Both files or, when that ends halfway, none: two that were not read together never. */
    private static void keep(LoadedFiles loaded, Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, OWNER_ONLY);
        }
        Path confd = directory.resolve(KEPT_CONFD);
        Path settings = directory.resolve(KEPT_SETTINGS);
        Path newConfd = write(loaded.confd(), confd);
        Path newSettings = write(loaded.settings(), settings);
        Files.deleteIfExists(confd);
        Files.move(newSettings, settings, StandardCopyOption.ATOMIC_MOVE);
        Files.move(newConfd, confd, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path write(String text, Path copy) throws IOException {
        Path temporary = copy.resolveSibling(copy.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, OWNER_ONLY_FILE);
        return Files.writeString(temporary, text);
    }

    @Override
    public Optional<ConfigSource> kept(Path directory) {
        Path keptConfd = directory.resolve(KEPT_CONFD);
        Path keptSettings = directory.resolve(KEPT_SETTINGS);
        return Files.exists(keptConfd) && Files.exists(keptSettings)
                ? Optional.of(new ConfigFiles(keptConfd, keptSettings, autostart))
                : Optional.empty();
    }
}
