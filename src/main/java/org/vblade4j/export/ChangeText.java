// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.List;
import org.vblade4j.target.Change;
import org.vblade4j.target.StateImage;
import org.vblade4j.wire.Mac;

/** Changes in the words of the log: who, what, from what, to what. */
final class ChangeText {
    /** Of a config string; a byte takes up to four characters. */
    static final int SHOWN_BYTES = 64;

    private static final int SHOWN_STATIONS = 8;

    private ChangeText() {}

    static String name(Change.Kind kind) {
        return switch (kind) {
            case CONFIG_STRING -> "config string";
            case MAC_MASK -> "MAC mask";
            case RESERVATION -> "reservation";
        };
    }

    static String describe(Change change) {
        return String.format(
                "%s changed the %s from %s to %s",
                Mac.format(change.source()),
                name(change.kind()),
                part(change.kind(), change.before()),
                part(change.kind(), change.after()));
    }

    static String describe(StateImage image, boolean maskFixed) {
        return "config string "
                + quoted(image.config())
                + ", MAC mask "
                + stations(image.mask())
                + (maskFixed ? " (not in effect: macs is set)" : "")
                + ", reservation "
                + stations(image.reservation());
    }

    private static String part(Change.Kind kind, StateImage image) {
        return switch (kind) {
            case CONFIG_STRING -> quoted(image.config());
            case MAC_MASK -> stations(image.mask());
            case RESERVATION -> stations(image.reservation());
        };
    }

    private static String stations(List<Long> macs) {
        List<String> shown = macs.stream().limit(SHOWN_STATIONS).map(Mac::format).toList();
        int more = macs.size() - shown.size();
        return "[" + String.join(" ", shown) + (more > 0 ? " and " + more + " more" : "") + "]";
    }

    /** Whatever a station sent, the beginning of it as a part of a line of plain ASCII. */
    static String quoted(String bytes) {
        StringBuilder text = new StringBuilder("\"");
        int shown = Math.min(bytes.length(), SHOWN_BYTES);
        for (int i = 0; i < shown; i++) {
            char c = bytes.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                text.append(c);
            } else {
                text.append(String.format("\\x%02x", (int) c));
            }
        }
        text.append('"');
        int more = bytes.length() - shown;
        return (more == 0 ? text : text.append(" and ").append(more).append(" more bytes"))
                .toString();
    }
}
