// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

/**
 * What tells this disk from all others, for as long as it exists: hosts name devices after it.
 *
 * @param serial 1 to 20 printable ASCII characters, no space at either end
 * @param wwn a 64-bit world wide name, or 0 for none; its first digit is the naming authority
 */
public record DiskIdentity(String serial, long wwn) {
    public static final int MAX_SERIAL_CHARS = 20;

    public DiskIdentity {
        boolean printable = serial.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        boolean sized = !serial.isEmpty() && serial.length() <= MAX_SERIAL_CHARS;
        if (!printable || !sized || !serial.equals(serial.strip())) {
            throw new IllegalArgumentException(
                    "serial \"" + serial + "\", expected 1 to 20 printable ASCII characters");
        }
    }
}
