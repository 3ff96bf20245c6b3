// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.util.Arrays;
import java.util.Locale;
import org.vblade4j.wire.AtaFrame;

/**
 * What an ATA command left in the registers, and the data it gave.
 *
 * @param lba all six address bytes
 * @param data with what pads a short frame
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record AtaResult(int status, int error, int sectors, long lba, byte[] data) {
    public boolean failed() {
        return (status & AtaFrame.STATUS_FAILED) != 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AtaResult result
                && status == result.status
                && error == result.error
                && sectors == result.sectors
                && lba == result.lba
                && Arrays.equals(data, result.data);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(lba) * 31 + status;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "status %02x, error %02x", status, error);
    }
}
