// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import com.typesafe.config.ConfigException.Generic;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a settings file include files, which must exist, and nothing else: what a storage target
 * serves must not hang on a web server or on what is on the class path. Relative names are looked
 * up beside the settings file.
 */
final class FileIncluder
        implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private final Path settings;
    private final Set<Path> open = new HashSet<>();
    private Optional<String> refused = Optional.empty();

    FileIncluder(Path settings) {
        this.settings = settings;
        open.add(settings.normalize());
    }

    /** What the include that ended the reading names; the library does not tell its line. */
    Optional<String> refused() {
        return refused;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        if (what.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
            throw refuse(what, "is not a file");
        }
        return includeFile(context, new File(what));
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        Path file = settings.resolveSibling(what.getPath());
        if (!Files.isRegularFile(file)) {
            throw refuse(what.getPath(), "does not exist or is not a file");
        }
        if (!open.add(file.normalize())) {
            throw refuse(what.getPath(), "includes itself");
        }
        ConfigObject included =
                ConfigFactory.parseFile(file.toFile(), context.parseOptions()).root();
        open.remove(file.normalize());
        return included;
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw refuse(what.toString(), "is not a file");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw refuse(what, "is not a file");
    }

    private Generic refuse(String what, String why) {
        refused = Optional.of(what);
        return new Generic("the included '" + what + "' " + why + "; expected a file");
    }
}
