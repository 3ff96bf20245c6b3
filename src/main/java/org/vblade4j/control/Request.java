// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.util.ArrayList;
import java.util.List;

/**
 * A request as it crosses the socket: one line of words, quoted where needed, so that a shell can
 * write {@code list} and a program can pass a whole conf.d line as one word.
 *
 * @param verb what to do
 * @param arguments mostly names of exports
 */
public record Request(String verb, List<String> arguments) {
    public Request {
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads one line without its line end.
     *
     * @throws IllegalArgumentException for a line without words or with broken quoting, with a
     *     message for the operator
     */
    public static Request parse(String line) {
        List<String> words = Words.split(line);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("an empty line, expected a command");
        }
        return new Request(words.get(0), words.subList(1, words.size()));
    }

    /** One line without its line end, whatever the words contain. */
    public String format() {
        List<String> words = new ArrayList<>(arguments.size() + 1);
        words.add(verb);
        words.addAll(arguments);
        return Words.format(words);
    }
}
