// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The intended differences between the C program and us, from {@code oracle-differences.txt}, whose
 * head explains the form. Remembers which of them were seen.
 */
final class OracleDifferences {
    private static final int MIN_FRAME_BYTES = 60;
    private static final int FIELDS = 5;
    private static final String PADDING = "padding";
    private static final String LENGTH = "length";
    private static final String BYTES = "bytes";

    private final List<Rule> rules = new ArrayList<>();
    private final Set<String> unseen = new TreeSet<>();

    private record Rule(String line, Pattern where, Pattern theirs, String ours) {}

    static OracleDifferences load() throws IOException {
        OracleDifferences differences = new OracleDifferences();
        InputStream in = OracleDifferences.class.getResourceAsStream("oracle-differences.txt");
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(differences::add);
        }
        return differences;
    }

    private void add(String line) {
        String[] fields = line.strip().split("\\s*\\|\\s*", -1);
        if (fields.length != FIELDS || fields[4].isEmpty()) {
            throw new IllegalArgumentException(
                    "expected id | where | theirs | ours | why: " + line);
        }
        rules.add(new Rule(line, glob(fields[1]), glob(fields[2]), fields[3]));
        unseen.add(line);
    }

    private static Pattern glob(String text) {
        return Pattern.compile(
                Arrays.stream(text.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")));
    }

    /** The lines that no comparison has needed. */
    Set<String> unseen() {
        return unseen;
    }

    /**
     * What differs and is not intended, in words; empty when all is well.
     *
     * @param step "case/step"
     */
    Optional<String> compare(String step, List<byte[]> theirs, List<byte[]> ours) {
        String outcome = Outcome.of(theirs);
        Optional<String> difference = compare(step, outcome, Outcome.of(ours));
        for (int i = 0; i < theirs.size() && difference.isEmpty(); i++) {
            if (theirs.size() == ours.size() && outcome.equals(Outcome.of(ours))) {
                difference = compareFrames(step + "=" + outcome, theirs.get(i), ours.get(i));
            }
        }
        return difference;
    }

    /** The same for two outcomes in words. */
    Optional<String> compare(String step, String theirs, String ours) {
        return theirs.equals(ours) || intended(step, theirs, rule -> rule.equals(ours))
                ? Optional.empty()
                : Optional.of(theirs + " | " + ours);
    }

    private Optional<String> compareFrames(String where, byte[] theirs, byte[] ours) {
        byte[] padded = theirs;
        if (theirs.length < MIN_FRAME_BYTES && intended(where, PADDING, String::isEmpty)) {
            padded = Arrays.copyOf(theirs, MIN_FRAME_BYTES);
        }
        String whole = where + " of " + padded.length;
        String ourLength = String.valueOf(ours.length);
        if (padded.length != ours.length && !intended(whole, LENGTH, ourLength::equals)) {
            return Optional.of(padded.length + " bytes | " + ourLength + " bytes");
        }
        List<Integer> unexplained = new ArrayList<>();
        for (int i = 0; i < Math.min(padded.length, ours.length); i++) {
            int at = i;
            if (padded[i] != ours[i] && !intended(whole, BYTES, ranges -> contain(ranges, at))) {
                unexplained.add(i);
            }
        }
        return unexplained.isEmpty()
                ? Optional.empty()
                : Optional.of("bytes " + unexplained + Outcome.sideBySide(padded, ours));
    }

    /** Finds the rule for it and notes that it was seen. */
    private boolean intended(String where, String theirs, Predicate<String> ours) {
        for (Rule rule : rules) {
            if (rule.where().matcher(where).matches()
                    && rule.theirs().matcher(theirs).matches()
                    && ours.test(rule.ours())) {
                unseen.remove(rule.line());
                return true;
            }
        }
        return false;
    }

    /** True for 27 in "15,26-29". */
    private static boolean contain(String ranges, int value) {
        return Arrays.stream(ranges.split(","))
                .map(range -> range.split("-"))
                .anyMatch(
                        ends ->
                                Integer.parseInt(ends[0]) <= value
                                        && value <= Integer.parseInt(ends[ends.length - 1]));
    }
}
