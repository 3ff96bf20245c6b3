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
 * @param access which stations may do what, of those that {@code allowedMacs} lets in
 * @param limits how much each station may ask
 * @param loss what initiators are told while the device is away
 * @param guard what keeps others off the device and the address
 * @param remote what initiators may change
 */
public record ExportOptions(
        int bufferCount,
        boolean direct,
        boolean synced,
        boolean readOnly,
        List<Long> allowedMacs,
        long offsetSectors,
        long lengthSectors,
        IoOptions io,
        AccessOptions access,
        ClientLimits limits,
        BackendLoss loss,
        GuardOptions guard,
        RemoteOptions remote) {

    /** What a line without options gets: {@code vblade4j.defaults} of {@code reference.conf}. */
    public static final ExportOptions DEFAULTS =
            new ExportOptions(64, false, false, false, List.of(), 0, 0);

    /** The same, guarded so. */
    public ExportOptions with(GuardOptions newer) {
        return new ExportOptions(
                bufferCount,
                direct,
                synced,
                readOnly,
                allowedMacs,
                offsetSectors,
                lengthSectors,
                io,
                access,
                limits,
                loss,
                newer,
                remote);
    }

    /** The same with other limits to what initiators may change. */
    public ExportOptions with(RemoteOptions newer) {
        return new ExportOptions(
                bufferCount,
                direct,
                synced,
                readOnly,
                allowedMacs,
                offsetSectors,
                lengthSectors,
                io,
                access,
                limits,
                loss,
                guard,
                newer);
    }

    /** Options that vblade has too; the others have their defaults. */
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
                IoOptions.DEFAULTS,
                AccessOptions.OPEN,
                ClientLimits.DEFAULTS,
                BackendLoss.DEFAULTS,
                GuardOptions.DEFAULTS,
                RemoteOptions.DEFAULTS);
    }

    public ExportOptions {
        allowedMacs = List.copyOf(allowedMacs);
    }

    /** When a write is answered, by its name. */
    public Durability durability() {
        return Durability.of(direct, synced);
    }
}
