// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.config.ExportSpec;

/**
 * What an export's disk calls itself: a digest of where it is found and of what it shows, so that
 * it is the same after a restart, on another host name, and with other flags. The device counts by
 * the path that was configured: what {@code /dev/disk/by-id} links to may change at each boot.
 */
final class Identities {
    private static final String SERIAL_PREFIX = "VB4J";
    private static final int SERIAL_BYTES =
            (DiskIdentity.MAX_SERIAL_CHARS - SERIAL_PREFIX.length()) / 2;

    /** The first digit of a world wide name: assigned by whom it pleases (SPC-4, NAA 3h). */
    private static final long LOCALLY_ASSIGNED = 3L << 60;

    private Identities() {}

    static DiskIdentity of(ExportSpec spec) {
        String what =
                String.join(
                        "\n",
                        spec.address().toString(),
                        spec.device().toAbsolutePath().normalize().toString(),
                        String.valueOf(spec.options().offsetSectors()),
                        String.valueOf(spec.options().lengthSectors()));
        byte[] digest = sha256(what);
        String serial =
                SERIAL_PREFIX + HexFormat.of().withUpperCase().formatHex(digest, 0, SERIAL_BYTES);
        long name = ByteBuffer.wrap(digest, SERIAL_BYTES, Long.BYTES).getLong();
        return new DiskIdentity(serial, LOCALLY_ASSIGNED | name >>> 4);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
