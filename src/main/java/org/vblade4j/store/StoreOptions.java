// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/**
 * How {@link Stores#open} opens a file or block device.
 *
 * @param direct bypass the page cache (O_DIRECT)
 * @param synced a completed write is on the medium (O_DSYNC)
 * @param readOnly open for reading; writes are refused
 * @param offsetSectors first sector that is shown
 * @param lengthSectors number of sectors shown; 0 means to the end, also when that moves
 */
public record StoreOptions(
        boolean direct, boolean synced, boolean readOnly, long offsetSectors, long lengthSectors) {

    /** Through the page cache, writable, all of it. */
    public static final StoreOptions DEFAULTS = new StoreOptions(false, false, false, 0, 0);

    public StoreOptions {
        if (offsetSectors < 0 || lengthSectors < 0) {
            throw new IllegalArgumentException(
                    "offset " + offsetSectors + ", length " + lengthSectors + ", expected >= 0");
        }
    }
}
