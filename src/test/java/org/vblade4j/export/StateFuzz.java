// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.vblade4j.target.StateImage;

/** State files as a fuzzer writes them. */
public final class StateFuzz {
    private static final String KEY = "disk";

    private StateFuzz() {}

    /** A file is refused with a reason, or means the same when it is written again. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        read(text);
        read(text + "crc32c " + checksum(text) + "\n"); // beyond the checksum too
    }

    private static void read(String text) {
        StateImage image;
        try {
            image = StateText.parse(KEY, text);
        } catch (IllegalArgumentException e) {
            assertFalse(String.valueOf(e.getMessage()).isEmpty());
            return;
        }
        assertEquals(image, StateText.parse(KEY, StateText.format(KEY, image)));
    }

    private static String checksum(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
