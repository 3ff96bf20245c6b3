// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import org.vblade4j.store.BlockStore;

/**
 * How a {@link Copier} works.
 *
 * @param chunkBytes what is moved as a piece, a multiple of 4096
 * @param chunks pieces in progress at once
 * @param checkpointNs time between two points at which all so far is made durable
 */
public record CopySettings(int chunkBytes, int chunks, long checkpointNs) {
    public CopySettings {
        if (chunkBytes <= 0 || chunkBytes % (8 * BlockStore.SECTOR_BYTES) != 0 || chunks < 1) {
            throw new IllegalArgumentException(chunks + " chunks of " + chunkBytes + " bytes");
        }
    }
}
