// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import org.vblade4j.store.engine.EngineChoice;

/**
 * How {@link Stores#open} opens a file or block device.
 *
 * @param direct bypass the page cache (O_DIRECT)
 * @param synced a completed write is on the medium (O_DSYNC)
 * @param readOnly open for reading; writes are refused
 * @param offsetSectors first sector that is shown
 * @param lengthSectors number of sectors shown; 0 means to the end, also when that moves
 * @param engine what runs requests
 * @param depth operations in progress at most; further requests wait
 */
public record StoreOptions(
        boolean direct,
        boolean synced,
        boolean readOnly,
        long offsetSectors,
        long lengthSectors,
        EngineChoice engine,
        int depth) {
    public static final int DEFAULT_DEPTH = 64;

    /** Through the page cache, writable, all of it. */
    public static final StoreOptions DEFAULTS = new StoreOptions(false, false, false, 0, 0);

    public StoreOptions {
        if (offsetSectors < 0 || lengthSectors < 0) {
            throw new IllegalArgumentException(
                    "offset " + offsetSectors + ", length " + lengthSectors + ", expected >= 0");
        }
        if (depth < 1) {
            throw new IllegalArgumentException("depth " + depth + ", expected >= 1");
        }
    }

    /** With the engine and depth that are usual. */
    public StoreOptions(
            boolean direct,
            boolean synced,
            boolean readOnly,
            long offsetSectors,
            long lengthSectors) {
        this(
                direct,
                synced,
                readOnly,
                offsetSectors,
                lengthSectors,
                EngineChoice.AUTO,
                DEFAULT_DEPTH);
    }

    /** The same on another engine. */
    public StoreOptions on(EngineChoice engine, int depth) {
        return new StoreOptions(
                direct, synced, readOnly, offsetSectors, lengthSectors, engine, depth);
    }
}
