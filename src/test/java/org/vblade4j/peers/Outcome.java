// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Puts an answer into few words, the same that {@code oracle-differences.txt} uses: {@code
 * silence}, {@code config}, {@code config E4}, {@code ata 41/10} (status and error), {@code mask
 * merror 2}.
 */
final class Outcome {
    private static final int SHOWN_BYTES = 64;

    private Outcome() {}

    /** The beginnings of two frames, for people. */
    static String sideBySide(byte[] theirs, byte[] ours) {
        return "\n  theirs " + head(theirs) + "\n  ours   " + head(ours);
    }

    private static String head(byte[] frame) {
        return HexFormat.of().formatHex(frame, 0, Math.min(SHOWN_BYTES, frame.length));
    }

    static String of(List<byte[]> answers) {
        return answers.isEmpty()
                ? "silence"
                : answers.stream().map(Outcome::of).collect(Collectors.joining(" + "));
    }

    private static String of(byte[] frame) {
        int number = (frame[14] & 0xff) >> 4;
        String version = number == 1 ? "" : "v" + number + " ";
        String command =
                switch (frame[19]) {
                    case 0 -> "ata";
                    case 1 -> "config";
                    case 2 -> "mask";
                    case 3 -> "reserve";
                    default -> "unknown";
                };
        return version + command + result(frame);
    }

    private static String result(byte[] frame) {
        if ((frame[14] & 0x4) != 0) {
            return " E" + frame[15];
        }
        if (frame[19] == 0) {
            return String.format(Locale.ROOT, " %02x/%02x", frame[27], frame[25]);
        }
        return frame[19] == 2 && frame[26] != 0 ? " merror " + frame[26] : "";
    }
}
