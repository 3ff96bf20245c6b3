// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.vblade4j.target.StateImage;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * A state as text, one line a part and a checksum of all before it at the end:
 *
 * <pre>
 * vblade4j-state 1
 * export NAME
 * config 68656c6c6f
 * mask 02:00:00:00:00:01 02:00:00:00:00:02
 * reservation
 * crc32c 1f2e3d4c
 * </pre>
 */
final class StateText {
    private static final String MAGIC = "vblade4j-state";
    private static final int VERSION = 1;
    private static final String CHECKSUM = "crc32c ";
    private static final List<String> KEYS = List.of("export", "config", "mask", "reservation");

    private StateText() {}

    static String format(String key, StateImage image) {
        byte[] config = image.config().getBytes(StandardCharsets.ISO_8859_1);
        String body =
                String.join(
                                "\n",
                                MAGIC + " " + VERSION,
                                "export " + key,
                                "config " + HexFormat.of().formatHex(config),
                                "mask " + macs(image.mask()),
                                "reservation " + macs(image.reservation()))
                        + "\n";
        return body + CHECKSUM + checksum(body) + "\n";
    }

    private static String macs(List<Long> macs) {
        return String.join(" ", macs.stream().map(Mac::format).toList());
    }

    private static String checksum(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    /**
     * Reads what {@link #format} wrote for the same key, and nothing else.
     *
     * @throws IllegalArgumentException with the reason
     */
    static StateImage parse(String key, String text) {
        String[] lines = text.split("\n", -1);
        checkHead(lines[0]);
        int end = text.lastIndexOf(CHECKSUM);
        if (end < 0 || !text.endsWith("\n")) {
            throw new IllegalArgumentException("its end is missing");
        }
        String body = text.substring(0, end);
        if (!text.substring(end).equals(CHECKSUM + checksum(body) + "\n")) {
            throw new IllegalArgumentException("its checksum is wrong: damaged, or edited by hand");
        }
        List<String> values = values(lines);
        if (!values.get(0).equals(key)) {
            throw new IllegalArgumentException("it belongs to export '" + values.get(0) + "'");
        }
        byte[] config = HexFormat.of().parseHex(values.get(1));
        return new StateImage(
                bounded(new String(config, StandardCharsets.ISO_8859_1)),
                macs(values.get(2), MaskFrame.MAX_DIRECTIVES),
                macs(values.get(3), ReserveFrame.MAX_MACS));
    }

    private static void checkHead(String line) {
        String[] words = line.split(" ", -1);
        if (!words[0].equals(MAGIC) || words.length != 2) {
            throw new IllegalArgumentException("it is no state file of vblade4j");
        }
        if (!words[1].equals(String.valueOf(VERSION))) {
            throw new IllegalArgumentException(
                    "it has format "
                            + words[1]
                            + ", written by another version; this one knows format "
                            + VERSION);
        }
    }

    private static List<String> values(String[] lines) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < KEYS.size(); i++) {
            String prefix = KEYS.get(i) + " ";
            if (i + 1 >= lines.length || !lines[i + 1].startsWith(prefix)) {
                throw new IllegalArgumentException("it has no '" + KEYS.get(i) + "'");
            }
            values.add(lines[i + 1].substring(prefix.length()));
        }
        return values;
    }

    private static String bounded(String config) {
        if (config.length() > ConfigFrame.MAX_STRING_BYTES) {
            throw new IllegalArgumentException("its config string is too long");
        }
        return config;
    }

    private static List<Long> macs(String words, int max) {
        List<Long> macs =
                words.isEmpty()
                        ? List.of()
                        : Arrays.stream(words.split(" ", -1))
                                .map(word -> Mac.parse(word).orElseThrow(StateText::noAddress))
                                .toList();
        if (macs.size() > max) {
            throw new IllegalArgumentException("it lists more than " + max + " stations");
        }
        return macs;
    }

    private static IllegalArgumentException noAddress() {
        return new IllegalArgumentException("it holds what is no Ethernet address");
    }
}
