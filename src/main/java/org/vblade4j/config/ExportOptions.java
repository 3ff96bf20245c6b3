// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.List;

/**
 * The options of one export; the letters are those of vblade(8).
 *
 * @param bufferCount {@code -b}: requests in flight that initiators are told they may have, 2 to
 *     65535 (with 1, Linux never brings the device up)
 * @param direct {@code -d}: bypass the page cache (O_DIRECT)
 * @param synced {@code -s}: an answered write is on the medium
 * @param readOnly {@code -r}: writes are refused
 * @param allowedMacs {@code -m}: stations served, as in {@link org.vblade4j.wire.Mac}; empty means
 *     all
 * @param offsetSectors {@code -o}: first sector of the device that is served
 * @param lengthSectors {@code -l}: number of sectors served; 0 means to the end of the device
 * @param io how its I/O is done
 */
public record ExportOptions(
        int bufferCount,
        boolean direct,
        boolean synced,
        boolean readOnly,
        List<Long> allowedMacs,
        long offsetSectors,
        long lengthSectors,
        IoOptions io) {

    /** What a line without options gets: {@code vblade4j.defaults} of {@code reference.conf}. */
    public static final ExportOptions DEFAULTS = new Reference().exportOptions();

    public ExportOptions {
        allowedMacs = List.copyOf(allowedMacs);
    }

    /** What vblade's words can say; the I/O is done as is usual. */
    public ExportOptions(
            int bufferCount,
            boolean direct,
            boolean synced,
            boolean readOnly,
            List<Long> allowedMacs,
            long offsetSectors,
            long lengthSectors) {
        this(
                bufferCount,
                direct,
                synced,
                readOnly,
                allowedMacs,
                offsetSectors,
                lengthSectors,
                IoOptions.DEFAULTS);
    }

    /** When a write is answered, by its name. */
    public Durability durability() {
        return Durability.of(direct, synced);
    }
}
