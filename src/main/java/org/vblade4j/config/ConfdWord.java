// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.Optional;

/**
 * One word of a conf.d file: removes quotes and replaces {@code $NAME} and {@code ${NAME}}, all
 * that can happen to an assigned value without a shell (POSIX.1-2017 2.2, 2.6.2, 2.6.7). In
 * particular nothing is split into fields and {@code *} stands for itself, as in any assignment.
 *
 * <p>The words of {@code export} are different: old shells treat them as arguments, so what would
 * be split or matched against files there is refused.
 */
final class ConfdWord {
    private static final int MAX_CHARS = 1 << 16;
    private static final String PLAIN = "; expected text, quotes, $NAME or ${NAME}";
    private static final String EXPORT_SPECIAL = "*?[]{}~";

    private final ConfdText text;
    private final ConfdVariables variables;
    private final String name;
    private final boolean export;
    private final StringBuilder value = new StringBuilder();
    private int start;
    private boolean usable = true;

    /**
     * @param name what is assigned; empty for a word that is no assignment
     */
    ConfdWord(ConfdText text, ConfdVariables variables, String name, boolean export) {
        this.text = text;
        this.variables = variables;
        this.name = name;
        this.export = export;
    }

    String value() {
        return value.toString();
    }

    /** False when the value depends on something that was refused. */
    boolean isUsable() {
        return usable && !text.commandRefused();
    }

    /** Reads up to the unquoted blank, newline or operator that ends the word. */
    void read() {
        start = text.position();
        while (!text.atEnd() && !text.wasCutOff() && !atWordEnd()) {
            unquoted();
        }
        if (text.at('(') && text.position() == start && !name.isEmpty()) {
            refuse(start, "'" + text.excerptAt(start) + "' is an array; expected a plain value");
        }
    }

    private boolean atWordEnd() {
        return text.at(' ') || text.at('\t') || text.at('\n') || text.atOperator();
    }

    private void unquoted() {
        char c = text.peek();
        if (c == '\'') {
            singleQuoted();
        } else if (c == '"') {
            doubleQuoted();
        } else if (c == '\\') {
            escape();
        } else if (c == '$') {
            dollar(false);
        } else if (c == '`') {
            backquote();
        } else {
            plain(c);
        }
    }

    private void plain(char c) {
        if (c == '~' && mayBeHomeDirectory()) {
            refuse(
                    "'"
                            + text.excerptAt(text.position())
                            + "' may be a home directory, which a"
                            + " shell would look up; expected the path, or quotes");
        } else if (export && EXPORT_SPECIAL.indexOf(c) >= 0) {
            refuse("shells differ on an unquoted '" + c + "' after export; expected quotes");
        }
        append(text.next());
    }

    /** Shells look at the start, after a colon, and some after an equals sign. */
    private boolean mayBeHomeDirectory() {
        return text.position() == start || !text.isAfterPlainText();
    }

    private void singleQuoted() {
        int open = text.position();
        text.next();
        while (!text.atEnd() && !text.at('\'')) {
            append(text.next());
        }
        close(open);
    }

    private void doubleQuoted() {
        int open = text.position();
        text.next();
        while (!text.atEnd() && !text.at('"')) {
            char c = text.peek();
            if (c == '\\') {
                escapeInQuotes();
            } else if (c == '$') {
                dollar(true);
            } else if (c == '`') {
                backquote();
            } else {
                append(text.next());
            }
        }
        close(open);
    }

    private void close(int open) {
        if (!text.atEnd()) {
            text.next();
            return;
        }
        String begun = "";
        int line = text.lineOf(start);
        if (line != text.lineOf(open)) {
            begun = " (it is part of a value that begins on line " + line + ")";
        }
        String quote = text.charAt(open) == '"' ? "double" : "single";
        text.cutOff(
                open,
                prefix()
                        + "this "
                        + quote
                        + " quote is never closed"
                        + begun
                        + "; expected a second one");
    }

    private void escape() {
        if (text.atContinuation()) {
            text.skip(2);
            return;
        }
        text.next();
        if (text.atEnd()) {
            refuse(
                    text.position() - 1,
                    "nothing follows the backslash that ends the file"
                            + "; expected another line, or no backslash");
        } else {
            append(text.next());
        }
    }

    private void escapeInQuotes() {
        if (text.atContinuation()) {
            text.skip(2);
            return;
        }
        char backslash = text.next();
        if (!text.atEnd() && "$`\"\\".indexOf(text.peek()) >= 0) {
            append(text.next());
        } else {
            append(backslash);
        }
    }

    private void backquote() {
        refuse(
                "'"
                        + text.excerptAt(text.position())
                        + "' is a command substitution, and nothing is"
                        + " run here"
                        + PLAIN);
        append(text.next());
    }

    private void dollar(boolean quoted) {
        int at = text.position();
        text.next();
        Optional<String> braced = text.takeName("{", "}");
        Optional<String> bare = braced.isPresent() ? Optional.empty() : text.takeName("", "");
        if (braced.isPresent()) {
            expand(at, braced.get(), quoted);
        } else if (bare.isPresent()) {
            expand(at, bare.get(), quoted);
        }
        if (braced.isEmpty() && text.atContinuation()) {
            refuse(
                    at,
                    "a line continuation right after '"
                            + text.since(at)
                            + "'; expected ${NAME} in one piece");
        } else if (braced.isEmpty() && bare.isEmpty()) {
            otherDollar(at, quoted);
        }
    }

    private void expand(int at, String variable, boolean quoted) {
        if (variables.isUnknowable(variable)) {
            refuse(
                    at,
                    "'$"
                            + variable
                            + "' is known only to a running shell; expected a variable"
                            + " assigned in this file");
        } else if (export && !quoted) {
            refuse(
                    at,
                    "shells differ on an unquoted '$"
                            + variable
                            + "' after export; expected"
                            + " double quotes");
        } else if (!variables.isSet(variable)) {
            text.warnAt(at, prefix() + "'$" + variable + "' is not assigned above and thus empty");
        }
        usable &= variables.isUsable(variable);
        if (usable) {
            appendAll(variables.value(variable));
        }
    }

    private void otherDollar(int at, boolean quoted) {
        char c = text.atEnd() ? ' ' : text.peek();
        String what = null;
        if (text.ahead("((") || c == '[') {
            what = "is arithmetic";
        } else if (c == '(') {
            what = "is a command substitution, and nothing is run here";
        } else if (c == '{') {
            what = "is an expansion with conditions";
        } else if ("0123456789@*#?-$!".indexOf(c) >= 0) {
            what = "is known only to a running shell";
        } else if (!quoted && (c == '\'' || c == '"')) {
            what = "is quoting that not every shell knows";
        }
        if (what != null) {
            refuse(at, "'" + text.excerptAt(at) + "' " + what + PLAIN);
        }
        append('$');
    }

    private void append(char c) {
        value.append(c);
        checkLength();
    }

    private void appendAll(String more) {
        value.append(more);
        checkLength();
    }

    private void checkLength() {
        if (value.length() > MAX_CHARS) {
            refuse(
                    start,
                    "the value is longer than expected, at most " + MAX_CHARS + " characters");
            usable = false;
            value.setLength(0);
        }
    }

    private void refuse(String message) {
        refuse(text.position(), message);
    }

    private void refuse(int where, String message) {
        text.refuseAt(where, prefix() + message);
    }

    private String prefix() {
        return name.isEmpty() ? "" : name + ": ";
    }
}
