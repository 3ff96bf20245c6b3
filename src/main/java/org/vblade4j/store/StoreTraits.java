// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/**
 * What a store is.
 *
 * @param readOnly writes are refused
 * @param synchronous every request completes inside {@link BlockStore#submit}
 * @param durableWrites a completed write is on the medium without a flush
 * @param physicalBlockBytes the medium's own block, 512 or a multiple; smaller writes cost more
 */
public record StoreTraits(
        boolean readOnly, boolean synchronous, boolean durableWrites, int physicalBlockBytes) {}
