// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a conf.d file as {@code sh} would (POSIX.1-2017, Shell Command Language, 2.2 to 2.6 and
 * 2.9.1), as far as it consists of assignments, without running anything. A file that is accepted
 * gives every POSIX shell the same values; a file for which a shell would have to run or look up
 * something is refused, and so is one that shells read differently.
 *
 * <p>This class knows commands, {@link ConfdWord} quoting and expansion, {@link ConfdText} lines.
 */
public final class ConfdParser {
    private static final String EXPECTED = "expected NAME=value";

    private final ConfdText text;
    private final ConfdVariables variables = new ConfdVariables();
    private final List<ConfdFile.Assignment> assignments = new ArrayList<>();

    private ConfdParser(ConfdText text) {
        this.text = text;
    }

    /**
     * Reads a file's text.
     *
     * @param source how messages name the file
     * @param content the whole file
     */
    public static ConfdFile parse(String source, String content) {
        ConfdText text = new ConfdText(source, content);
        ConfdParser parser = new ConfdParser(text);
        while (!text.atEnd()) {
            parser.command();
        }
        return new ConfdFile(parser.assignments, text.problems(), text.warnings());
    }

    /** One command: up to a newline or semicolon that is not quoted. */
    private void command() {
        text.startCommand();
        Command command = new Command();
        while (!text.wasCutOff()) {
            text.skipBlanks();
            if (text.atEnd() || text.at('\n') || text.at('#')) {
                break;
            }
            if (text.at(';') && command.words > 0 && !text.ahead(";;")) {
                break;
            }
            if (text.atOperator()) {
                operator(command);
            } else {
                word(command);
            }
        }
        if (command.export && command.words == 1) {
            text.refuseAt(
                    text.position(), "'export' alone prints variables; expected export NAME=value");
        }
        finish(command);
        if (!text.wasCutOff()) {
            text.endCommand();
        }
    }

    private void operator(Command command) {
        int start = text.position();
        String found = text.takeOperator();
        if (found.startsWith("(") && command.lone != null) {
            String function = command.lone + found;
            text.refuseAt(start, "'" + function + "' defines a function; " + EXPECTED);
        } else {
            text.refuseAt(start, "unquoted '" + found + "'; " + EXPECTED + ", quoted if needed");
        }
    }

    private void word(Command command) {
        int start = text.position();
        int line = text.line();
        Optional<String> assigned = text.takeName("", "=");
        String name = assigned.orElse("");
        ConfdWord word = new ConfdWord(text, variables, name, command.export);
        word.read();
        command.words++;
        if (assigned.isEmpty()) {
            bareWord(command, start);
            return;
        }
        command.lone = null;
        if (ConfdVariables.isShellsOwn(name)) {
            String message = "'" + name + "' has a meaning of its own to shells";
            text.refuseAt(start, message + "; expected another name");
        }
        Pending pending =
                new Pending(
                        new ConfdFile.Assignment(name, word.value(), text.origin(line)),
                        word.isUsable());
        command.pending.add(pending);
        if (!command.export) {
            // A shell expands and assigns the words of one command from left to right ...
            variables.put(name, pending.usable ? word.value() : null);
        }
    }

    private void bareWord(Command command, int start) {
        String raw = text.since(start);
        boolean isName = !raw.isEmpty() && ConfdText.nameEnd(raw, 0) == raw.length();
        command.lone = command.words == 1 && isName ? raw : null;
        if (command.words == 1 && raw.equals("export")) {
            command.export = true;
        } else if (command.export && !isName) {
            String shown = ConfdText.excerpt(raw);
            text.refuseAt(start, "export '" + shown + "'; expected export NAME=value");
        } else if (!command.export && !(command.lone != null && text.blanksThen('('))) {
            text.refuseAt(start, notAnAssignment(command, raw) + "; " + EXPECTED);
        }
    }

    private String notAnAssignment(Command command, String raw) {
        String shown = "'" + ConfdText.excerpt(raw) + "'";
        int name = ConfdText.nameEnd(raw, 0);
        if (name > 0 && raw.startsWith("+=", name)) {
            return shown + " appends, which POSIX shells cannot do";
        }
        if (name > 0 && raw.startsWith("[", name)) {
            return shown + " is an array element, which POSIX shells do not have";
        }
        if (command.lone != null && text.blanksThen('=')) {
            return shown + " has a blank before its '='";
        }
        return shown + " is a command, and nothing is run here";
    }

    private void finish(Command command) {
        for (Pending pending : command.pending) {
            ConfdFile.Assignment assignment = pending.assignment;
            boolean usable = pending.usable && !text.commandRefused();
            // ... but expands all words of an export before it assigns the first.
            variables.put(assignment.name(), usable ? assignment.value() : null);
            if (usable) {
                assignments.add(assignment);
            }
        }
    }

    private record Pending(ConfdFile.Assignment assignment, boolean usable) {}

    /** What was read of one command so far. */
    private static final class Command {
        final List<Pending> pending = new ArrayList<>();
        boolean export;
        int words;

        /** The last word, when it is the first and could be a function's name. */
        String lone;
    }
}
