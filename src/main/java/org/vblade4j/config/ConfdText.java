// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A conf.d file's text with a reading position, and the problems found in it, at most one a
 * command: what follows the first mistake of a command is seldom a mistake of its own.
 */
final class ConfdText {
    private static final int EXCERPT_CHARS = 40;
    private static final String OPERATORS = ";&|<>()";
    private static final String CONTINUATION = "\\\n";

    private final String source;
    private final String text;
    private final int[] newlines;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private int position;
    private int refusedPosition;
    private boolean refused;
    private boolean cutOff;

    ConfdText(String source, String content) {
        this.source = source;
        this.text = withoutForeignBytes(content);
        this.newlines = newlines(text);
    }

    private static int[] newlines(String text) {
        int[] found = new int[text.length()];
        int count = 0;
        for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
            found[count++] = i;
        }
        return Arrays.copyOf(found, count);
    }

    /** What editors of other systems leave behind is reported once; the rest is still checked. */
    private String withoutForeignBytes(String content) {
        String clean = content;
        if (clean.startsWith("\ufeff")) {
            String message = "the file starts with a byte order mark, which a shell would read as";
            problems.add(new Problem(origin(1), message + " a command; expected plain UTF-8"));
            clean = clean.substring(1);
        }
        int carriageReturn = clean.indexOf('\r');
        if (carriageReturn >= 0) {
            boolean last = carriageReturn == clean.length() - 1;
            String message =
                    last || clean.charAt(carriageReturn + 1) == '\n'
                            ? "the line ends in CR LF and a shell would keep the CR in the value"
                            : "the line holds a CR, which a shell would keep in the value";
            problems.add(
                    new Problem(
                            origin(lineAt(clean, carriageReturn)),
                            message + "; expected LF line ends throughout"));
            clean = clean.replace("\r", "");
        }
        int nul = clean.indexOf('\0');
        if (nul >= 0) {
            problems.add(
                    new Problem(
                            origin(lineAt(clean, nul)),
                            "the file holds a NUL byte; expected plain text"));
            clean = "";
        }
        return clean;
    }

    List<Problem> problems() {
        if (problems.size() > 1) {
            problems.sort(Comparator.comparingInt(problem -> problem.origin().line()));
        }
        return problems;
    }

    List<Problem> warnings() {
        return warnings;
    }

    Origin origin(int line) {
        return new Origin(source, line);
    }

    int position() {
        return position;
    }

    int line() {
        return lineOf(position);
    }

    /** Counted from 1. */
    int lineOf(int where) {
        int index = Arrays.binarySearch(newlines, where);
        return 1 + (index >= 0 ? index : -index - 1);
    }

    boolean atEnd() {
        return position >= text.length();
    }

    boolean at(char c) {
        return !atEnd() && text.charAt(position) == c;
    }

    boolean ahead(String expected) {
        return text.startsWith(expected, position);
    }

    boolean atContinuation() {
        return ahead(CONTINUATION);
    }

    boolean atOperator() {
        return !atEnd() && OPERATORS.indexOf(text.charAt(position)) >= 0;
    }

    char charAt(int where) {
        return text.charAt(where);
    }

    char peek() {
        return text.charAt(position);
    }

    /** True right after a character that no shell takes for a quote or a separator. */
    boolean isAfterPlainText() {
        return Character.isLetterOrDigit(charAt(position - 1))
                || "._-/+,%@".indexOf(charAt(position - 1)) >= 0;
    }

    char next() {
        return text.charAt(position++);
    }

    void skip(int chars) {
        position += chars;
    }

    /** Consumes a variable's name between these two, if that is what stands here; answers it. */
    Optional<String> takeName(String before, String after) {
        int start = position + before.length();
        if (!ahead(before)) {
            return Optional.empty();
        }
        int end = nameEnd(text, start);
        if (end == start || !text.startsWith(after, end)) {
            return Optional.empty();
        }
        position = end + after.length();
        return Optional.of(text.substring(start, end));
    }

    /** Where a variable's name that begins at {@code start} ends; there when none does. */
    static int nameEnd(String text, int start) {
        int end = start;
        while (end < text.length() && isOfName(text.charAt(end), end == start)) {
            end++;
        }
        return end;
    }

    private static boolean isOfName(char c, boolean first) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || c == '_'
                || (!first && c >= '0' && c <= '9');
    }

    String takeOperator() {
        int start = position;
        while (atOperator()) {
            position++;
        }
        return text.substring(start, position);
    }

    String since(int start) {
        return position > start ? text.substring(start, position) : "";
    }

    void skipBlanks() {
        while (at(' ') || at('\t') || atContinuation()) {
            position += at('\\') ? CONTINUATION.length() : 1;
        }
    }

    /** True when only blanks lie between here and {@code c}. */
    boolean blanksThen(char c) {
        int i = position;
        while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
            i++;
        }
        return i < text.length() && text.charAt(i) == c;
    }

    void startCommand() {
        refused = false;
        cutOff = false;
    }

    /** Consumes the rest of the command: a comment and the newline, or the semicolon. */
    void endCommand() {
        if (at('#')) {
            int newline = text.indexOf('\n', position);
            position = newline < 0 ? text.length() : newline;
        }
        if (!atEnd()) {
            position++;
        }
    }

    boolean commandRefused() {
        return refused;
    }

    /** True after {@link #cutOff}: the command is over, its rest was not read. */
    boolean wasCutOff() {
        return cutOff;
    }

    void refuseAt(int where, String message) {
        if (!refused) {
            refused = true;
            refusedPosition = where;
            problems.add(new Problem(origin(lineOf(where)), message));
        }
    }

    void warnAt(int where, String message) {
        warnings.add(new Problem(origin(lineOf(where)), message));
    }

    /**
     * For a quote that is never closed: reports it and goes on with the line after the mistake, so
     * that one missing quote does not hide what else is wrong.
     */
    void cutOff(int openQuote, String message) {
        if (refused && refusedPosition > openQuote) {
            // What looked wrong inside the quotes most likely was not meant to be inside.
            problems.remove(problems.size() - 1);
            refused = false;
        }
        refuseAt(openQuote, message);
        int newline = text.indexOf('\n', refusedPosition);
        position = newline < 0 ? text.length() : newline + 1;
        cutOff = true;
    }

    /** The text from {@code start} to the end of its line, shortened. */
    String excerptAt(int start) {
        return excerpt(text.substring(start, Math.min(text.length(), start + 2 * EXCERPT_CHARS)));
    }

    static String excerpt(String raw) {
        String line = raw.lines().findFirst().orElse("").stripTrailing();
        return line.length() > EXCERPT_CHARS ? line.substring(0, EXCERPT_CHARS) + "..." : line;
    }

    private static int lineAt(String text, int position) {
        return 1 + (int) text.chars().limit(position).filter(c -> c == '\n').count();
    }
}
