// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/** Shows a window of another store as a whole one; follows the other's size inside the window. */
public final class SliceStore extends FilterStore {
    /** What ATA can address. */
    private static final long MAX_SECTORS = 1L << 48;

    private final long offsetSectors;
    private final long lengthSectors;

    /**
     * Takes over {@code next}: closing closes it.
     *
     * @param lengthSectors 0 means to the end of {@code next}, wherever that is
     */
    public SliceStore(BlockStore next, long offsetSectors, long lengthSectors) {
        super(next);
        if (offsetSectors < 0 || lengthSectors < 0) {
            throw new IllegalArgumentException(
                    "offset " + offsetSectors + ", length " + lengthSectors + ", expected >= 0");
        }
        this.offsetSectors = offsetSectors;
        this.lengthSectors = lengthSectors;
    }

    @Override
    public long sectors() {
        long behindOffset = Math.max(0, next.sectors() - offsetSectors);
        return lengthSectors == 0 ? behindOffset : Math.min(lengthSectors, behindOffset);
    }

    /** Only the window's own end is denied here: where the other one ends it knows better. */
    @Override
    public void submit(StoreRequest request) {
        if (request.op() != StoreRequest.Op.FLUSH) {
            if (!request.within(lengthSectors > 0 ? lengthSectors : MAX_SECTORS)) {
                request.complete(StoreStatus.OUT_OF_RANGE);
                return;
            }
            request.shift(offsetSectors);
        }
        next.submit(request);
    }
}
