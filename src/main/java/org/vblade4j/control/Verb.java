// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.util.Optional;

/** What can be asked over the socket, and how each is written. */
enum Verb {
    START("start", "[NAME...]", 0, "start exports and wait until each serves; none means all"),
    START_WITH("start-with", "NAME LINE", 2, "start an export with a line of its own"),
    STOP("stop", "[NAME...]", 0, "stop exports; none means all"),
    RESTART("restart", "[NAME...]", 0, "stop, then start with the newest configuration"),
    RELOAD("reload", "[NAME...]", 0, "read the configuration again, touch what changed"),
    STATUS("status", "[NAME...]", 0, "everything about exports, a row each"),
    LIST("list", "[NAME...]", 0, "name, state and place of exports, a row each"),
    CLIENTS("clients", "[NAME...]", 0, "who has been seen by exports, a row each"),
    DUMP("dump", "", 0, "the exports in force as a configuration file, a line a row"),
    CHECK_FILES("check-files", "CONFD SETTINGS", 2, "read the configuration, change nothing"),
    CHECK_SYSTEM("check-system", "CONFD SETTINGS", 2, "the same with what the files name"),
    CHECK_LINE("check-line", "NAME LINE", 2, "check a line and what it names, change nothing"),
    PING("ping", "", 0, "answer with the process number"),
    SHUTDOWN("shutdown", "", 0, "stop every export and end the supervisor"),
    HELP("help", "", 0, "this list");

    private final String word;
    private final String arguments;
    private final int required;
    private final String help;

    Verb(String word, String arguments, int required, String help) {
        this.word = word;
        this.arguments = arguments;
        this.required = required;
        this.help = help;
    }

    static Optional<Verb> of(String word) {
        for (Verb verb : values()) {
            if (verb.word.equals(word)) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }

    boolean accepts(int count) {
        return count == required || (count > required && arguments.endsWith("...]"));
    }

    /** True when the answer comes only after exports have started or ended. */
    boolean waits() {
        return switch (this) {
            case START, START_WITH, STOP, RESTART, RELOAD, SHUTDOWN -> true;
            case STATUS, LIST, CLIENTS, DUMP, CHECK_FILES, CHECK_SYSTEM, CHECK_LINE, PING, HELP ->
                    false;
        };
    }

    String word() {
        return word;
    }

    String usage() {
        return arguments.isEmpty() ? word : word + " " + arguments;
    }

    String help() {
        return help;
    }
}
