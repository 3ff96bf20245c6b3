// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words of a {@code config_NAME} value, which a shell has already expanded once. As in Gentoo's
 * init script, blanks (space, tab, newline) separate words and everything else stands for itself,
 * with one addition for file names that hold blanks: a word that begins with a quote ends with the
 * same quote. Within double quotes a backslash protects a double quote or backslash; within single
 * quotes nothing is special.
 */
final class ConfigWords {
    private final String line;
    private int position;

    private ConfigWords(String line) {
        this.line = line;
    }

    /**
     * @throws IllegalArgumentException with an operator-ready message, for a quote without its
     *     partner or with text right behind it
     */
    static List<String> split(String line) {
        ConfigWords words = new ConfigWords(line);
        List<String> found = new ArrayList<>();
        for (Optional<String> word = words.next(); word.isPresent(); word = words.next()) {
            found.add(word.get());
        }
        return found;
    }

    /** The inverse of {@link #split} for one word. */
    static String quote(String word) {
        boolean plain = !word.isEmpty() && word.chars().noneMatch(ConfigWords::isBlank);
        if (plain && word.charAt(0) != '\'' && word.charAt(0) != '"') {
            return word;
        }
        if (word.indexOf('\'') < 0) {
            return "'" + word + "'";
        }
        return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private Optional<String> next() {
        while (position < line.length() && isBlank(line.charAt(position))) {
            position++;
        }
        if (position == line.length()) {
            return Optional.empty();
        }
        char first = line.charAt(position);
        return Optional.of(first == '\'' || first == '"' ? quoted(first) : plain());
    }

    private String plain() {
        int start = position;
        while (position < line.length() && !isBlank(line.charAt(position))) {
            position++;
        }
        return line.substring(start, position);
    }

    private String quoted(char quote) {
        int start = position++;
        StringBuilder word = new StringBuilder();
        while (position < line.length() && line.charAt(position) != quote) {
            if (quote == '"' && isEscape()) {
                position++;
            }
            word.append(line.charAt(position++));
        }
        if (position == line.length()) {
            throw new IllegalArgumentException(
                    "the quote that begins " + line.substring(start) + " is never closed");
        }
        position++;
        if (position < line.length() && !isBlank(line.charAt(position))) {
            throw new IllegalArgumentException(
                    "text right after the closing quote of "
                            + line.substring(start, position)
                            + "; expected a blank");
        }
        return word.toString();
    }

    private boolean isEscape() {
        return line.startsWith("\\\"", position) || line.startsWith("\\\\", position);
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\n';
    }
}
