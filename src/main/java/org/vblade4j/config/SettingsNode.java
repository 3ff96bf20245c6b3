// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One section of the settings file. Every reader answers the fallback when the key is absent, and
 * also when its value cannot be used, which it reports; so one run finds all mistakes.
 */
final class SettingsNode {
    private static final int SHOWN_CHARS = 60;

    private final ConfigObject object;
    private final String path;
    private final Origin origin;
    private final Consumer<Problem> problems;

    /**
     * @param path the section's full name, for messages
     */
    SettingsNode(ConfigObject object, String path, Origin origin, Consumer<Problem> problems) {
        this.object = object;
        this.path = path;
        this.origin = origin;
        this.problems = problems;
    }

    Origin origin() {
        return origin;
    }

    /** Reports every key but these. */
    void allowOnly(Set<String> known) {
        for (String key : new TreeSet<>(object.keySet())) {
            if (!known.contains(key)) {
                String all = String.join(", ", new TreeSet<>(known));
                String expected =
                        Spelling.nearest(key, known)
                                .map(near -> "'" + near + "'")
                                .orElse(known.size() == 1 ? all : "one of " + all);
                report(key, "unknown key '" + name(key) + "'; expected " + expected);
            }
        }
    }

    /** An absent section is an empty one. */
    SettingsNode section(String key) {
        ConfigValue value = object.get(key);
        ConfigObject section = ConfigFactory.empty().root();
        if (value instanceof ConfigObject given) {
            section = given;
        } else if (value != null) {
            wrong(key, "a section, { ... }");
        }
        return new SettingsNode(section, name(key), originOf(key), problems);
    }

    /** All members, each of which must be a section, by name. */
    Map<String, SettingsNode> sections() {
        Map<String, SettingsNode> sections = new LinkedHashMap<>();
        for (String key : new TreeSet<>(object.keySet())) {
            sections.put(key, section(key));
        }
        return sections;
    }

    boolean flag(String key, boolean fallback) {
        ConfigValue value = object.get(key);
        if (value == null) {
            return fallback;
        }
        if (value.valueType() == ConfigValueType.BOOLEAN) {
            return (Boolean) value.unwrapped();
        }
        wrong(key, "true or false");
        return fallback;
    }

    int integer(String key, int fallback, int min, int max) {
        return (int) whole(key, fallback, min, max);
    }

    /** A whole number of which 0 has a meaning of its own. */
    int integerOrZero(String key, int fallback, int min, int max) {
        ConfigValue value = object.get(key);
        if (value != null
                && value.unwrapped() instanceof Integer number
                && (number == 0 || (number >= min && number <= max))) {
            return number;
        }
        if (value != null) {
            wrong(key, "0 or a whole number from " + min + " to " + max);
        }
        return fallback;
    }

    /** A whole number. The library knows decimal only: 010 is ten. */
    long whole(String key, long fallback, long min, long max) {
        ConfigValue value = object.get(key);
        if (value == null) {
            return fallback;
        }
        if (value.unwrapped() instanceof Number number && !(number instanceof Double)) {
            if (number.longValue() >= min && number.longValue() <= max) {
                return number.longValue();
            }
        }
        wrong(key, "a whole number from " + min + " to " + max);
        return fallback;
    }

    /** A duration with its unit: a bare number is seconds to some readers and ms to others. */
    Duration duration(String key, Duration fallback, Duration min, Duration max) {
        Duration duration = object.get(key) == null ? fallback : duration(key);
        if (duration != null && duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
            return duration;
        }
        wrong(key, "a duration with its unit from " + seconds(min) + " to " + seconds(max));
        return fallback;
    }

    /** The same, or none at all, which has a unit too. */
    Duration durationOrZero(String key, Duration fallback, Duration min, Duration max) {
        Duration duration = object.get(key) == null ? fallback : duration(key);
        if (Duration.ZERO.equals(duration)) {
            return duration;
        }
        if (duration != null && duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
            return duration;
        }
        String range = "from " + seconds(min) + " to " + seconds(max);
        wrong(key, "0 s for none or a duration with its unit " + range);
        return fallback;
    }

    /** Null when it is none. */
    private Duration duration(String key) {
        if (object.get(key).valueType() != ConfigValueType.STRING) {
            return null;
        }
        try {
            return object.toConfig().getDuration("\"" + key + "\"");
        } catch (com.typesafe.config.ConfigException e) {
            return null;
        }
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    /** One of an enum's constants, by its {@link #label}. */
    <E extends Enum<E>> E choice(String key, E fallback) {
        ConfigValue value = object.get(key);
        if (value == null) {
            return fallback;
        }
        List<String> labels = new ArrayList<>();
        for (E constant : fallback.getDeclaringClass().getEnumConstants()) {
            if (label(constant).equals(value.unwrapped())) {
                return constant;
            }
            labels.add(label(constant));
        }
        wrong(key, "one of " + String.join(", ", labels));
        return fallback;
    }

    /** How settings write an enum's constant: in small letters, parts joined by a hyphen. */
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Optional<String> text(String key) {
        ConfigValue value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value.valueType() == ConfigValueType.STRING) {
            return Optional.of((String) value.unwrapped());
        }
        wrong(key, "text in quotes");
        return Optional.empty();
    }

    /** One of a few words, in upper or lower case. */
    <E extends Enum<E>> E word(String key, Class<E> words, E fallback) {
        ConfigValue value = object.get(key);
        if (value == null) {
            return fallback;
        }
        for (E word : words.getEnumConstants()) {
            if (word.name().equalsIgnoreCase(String.valueOf(value.unwrapped()))) {
                return word;
            }
        }
        String all =
                Arrays.stream(words.getEnumConstants())
                        .map(word -> word.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" or "));
        wrong(key, all);
        return fallback;
    }

    Set<String> keys() {
        return object.keySet();
    }

    /** Empty when absent. */
    Optional<List<String>> texts(String key) {
        ConfigValue value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        if (value instanceof ConfigList list
                && list.stream().allMatch(v -> v.valueType() == ConfigValueType.STRING)) {
            list.forEach(item -> texts.add((String) item.unwrapped()));
            return Optional.of(texts);
        }
        wrong(key, "a list of texts in quotes, [\"...\", \"...\"]");
        return Optional.empty();
    }

    boolean has(String key) {
        return object.get(key) != null;
    }

    /** Rules whose complaints are reported where {@code key} was written. */
    ExportRules rules(String key) {
        return new ExportRules(message -> refuse(key, message));
    }

    /** A complaint about a part of the key's value. */
    void refuse(String key, String message) {
        report(key, name(key) + ": " + message);
    }

    void report(String key, String message) {
        problems.accept(new Problem(originOf(key), message));
    }

    private void wrong(String key, String expected) {
        report(key, name(key) + " is " + shown(object.get(key)) + "; expected " + expected);
    }

    private static String shown(ConfigValue value) {
        String text = value.render(ConfigRenderOptions.concise());
        return text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** An included file's values have that file as their source. */
    private Origin originOf(String key) {
        ConfigValue value = object.get(key);
        if (value == null) {
            return origin;
        }
        ConfigOrigin at = value.origin();
        String source = at.filename() == null ? origin.source() : at.filename();
        return new Origin(source, Math.max(0, at.lineNumber()));
    }
}
