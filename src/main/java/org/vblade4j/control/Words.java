// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.util.ArrayList;
import java.util.List;

/**
 * Words on one line. Blanks separate words; {@code '...'} keeps everything; in {@code "..."} a
 * backslash starts one of the escapes {@code \\ \" \n \r \t}; elsewhere it takes the next character
 * as it is. What {@link #format} writes, {@link #split} reads back exactly, and it is one line
 * whatever the words contain.
 */
final class Words {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int at;

    private Words(String line) {
        this.line = line;
    }

    /**
     * @throws IllegalArgumentException for an open quote or an unknown escape, with a message for
     *     the operator
     */
    static List<String> split(String line) {
        return new Words(line).split();
    }

    static String format(List<String> words) {
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            if (text.length() > 0) {
                text.append(' ');
            }
            quote(text, word);
        }
        return text.toString();
    }

    private List<String> split() {
        boolean inWord = false;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == ' ' || c == '\t') {
                if (inWord) {
                    endWord();
                }
                inWord = false;
                continue;
            }
            inWord = true;
            switch (c) {
                case '\'' -> singleQuoted();
                case '"' -> doubleQuoted();
                case '\\' -> word.append(next("a backslash at the end of the line"));
                default -> word.append(c);
            }
        }
        if (inWord) {
            endWord();
        }
        return List.copyOf(words);
    }

    private void endWord() {
        words.add(word.toString());
        word.setLength(0);
    }

    private char next(String otherwise) {
        if (at == line.length()) {
            throw new IllegalArgumentException(otherwise);
        }
        return line.charAt(at++);
    }

    private void singleQuoted() {
        for (char c = next("a ' without its end"); c != '\''; c = next("a ' without its end")) {
            word.append(c);
        }
    }

    private void doubleQuoted() {
        for (char c = next("a \" without its end"); c != '"'; c = next("a \" without its end")) {
            word.append(c == '\\' ? escaped(next("a \" without its end")) : c);
        }
    }

    private static char escaped(char c) {
        return switch (c) {
            case '\\', '"' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw new IllegalArgumentException("unknown escape \\" + c + " in \"...\"");
        };
    }

    private static void quote(StringBuilder text, String word) {
        if (!word.isEmpty() && word.chars().allMatch(Words::plain)) {
            text.append(word);
            return;
        }
        text.append('"');
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            switch (c) {
                case '\\', '"' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append(c);
            }
        }
        text.append('"');
    }

    private static boolean plain(int c) {
        return c > ' ' && c != '\'' && c != '"' && c != '\\';
    }
}
