// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.text;

/**
 * Texts that others have made, in a form in which they command no terminal, do not pretend to be
 * another line, and do not read other than they are: controls (C0, DEL, C1), line and paragraph
 * separators, what changes the direction of writing, what has no width, and halves of surrogate
 * pairs.
 */
public final class Printable {
    private Printable() {}

    /** Bytes as ISO-8859-1 characters: all but printable ASCII as {@code \xNN}; {@code \\} too. */
    public static String bytes(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~' && c != '\\') {
                shown.append(c);
            } else {
                shown.append(String.format(c > 0xff ? "\\u%04x" : "\\x%02x", (int) c));
            }
        }
        return shown.toString();
    }

    /**
     * A text of any letters, as JSON writes what it must not hold: {@code \}{@code u009b}. Of text
     * that is JSON already the meaning stays the same.
     */
    public static String text(String text) {
        int i = 0;
        while (i < text.length() && !harmful(text, i)) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, i);
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (harmful(text, i)) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    private static boolean harmful(String text, int at) {
        char c = text.charAt(at);
        if (c < 0x7f) {
            return c < ' ';
        }
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }
}
