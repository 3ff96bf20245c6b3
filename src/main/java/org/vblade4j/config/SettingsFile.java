// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import com.typesafe.config.ConfigException.NotResolved;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Parses a HOCON file; neither the environment nor the network has a part in what it says. */
final class SettingsFile {
    /** How the library describes what stands in two places. */
    private static final Pattern JOINED = Pattern.compile("merge of .*|.*: [0-9]+-[0-9]+");

    private final Path file;
    private final String text;
    private final Consumer<Problem> problems;

    /**
     * @param text the file's content, which is not read again
     */
    SettingsFile(Path file, String text, Consumer<Problem> problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    /** Empty after a mistake in the syntax, of which only the first is found. */
    Optional<ConfigObject> parse() {
        FileIncluder includer = new FileIncluder(file);
        ConfigParseOptions options =
                ConfigParseOptions.defaults()
                        .setSyntax(ConfigSyntax.CONF)
                        .setOriginDescription(file.toString())
                        .setAllowMissing(false)
                        .setIncluder(includer);
        try {
            ConfigObject written = ConfigFactory.parseString(text, options).root();
            reportRepeated(written, "exports");
            reportRepeated(written, "overrides");
            return Optional.of(written.toConfig().resolve(ConfigResolveOptions.noSystem()).root());
        } catch (StackOverflowError e) {
            String message = "sections are nested too deeply; expected a few levels";
            problems.accept(new Problem(new Origin(file.toString(), 0), message));
            return Optional.empty();
        } catch (com.typesafe.config.ConfigException e) {
            problems.accept(
                    includer.refused()
                            .map(what -> new Problem(lineWith(what), e.getMessage()))
                            .orElseGet(() -> problem(e)));
            return Optional.empty();
        }
    }

    /** The library starts its messages with the origin, which is told separately here. */
    private Problem problem(com.typesafe.config.ConfigException e) {
        String message = e.getMessage();
        ConfigOrigin at = e.origin();
        if (at == null) {
            return new Problem(new Origin(file.toString(), 0), message);
        }
        String start = at.description() + ": ";
        String source = at.filename() == null ? file.toString() : at.filename();
        return new Problem(
                new Origin(source, Math.max(0, at.lineNumber())),
                message.startsWith(start) ? message.substring(start.length()) : message);
    }

    private Origin lineWith(String included) {
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].contains("include") && lines[i].contains(included)) {
                return new Origin(file.toString(), i + 1);
            }
        }
        return new Origin(file.toString(), 0);
    }

    /**
     * HOCON silently joins two sections of one name, half of one export and half of another.
     * Sections joined by a substitution, {@code ${...} { ... }}, are meant.
     */
    private void reportRepeated(ConfigObject written, String section) {
        try {
            ConfigValue members = written.toConfig().root().get(Reference.ROOT);
            members = members instanceof ConfigObject root ? root.get(section) : null;
            if (members instanceof ConfigObject exports) {
                new TreeMap<>(exports).forEach((name, value) -> reportIfJoined(name, value));
            }
        } catch (NotResolved e) {
            // The whole section comes from a substitution.
        }
    }

    private void reportIfJoined(String name, ConfigValue value) {
        ConfigOrigin at = value.origin();
        boolean joined = JOINED.matcher(at.description()).matches();
        if (joined && value instanceof ConfigObject section && section.toConfig().isResolved()) {
            problems.accept(
                    new Problem(
                            new Origin(file.toString(), Math.max(0, at.lineNumber())),
                            "'"
                                    + name
                                    + "' is defined more than once, "
                                    + at.description()
                                    + "; expected one section"));
        }
    }
}
