// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

/**
 * Notes responses that bear this target's own address and another's hardware address: a second
 * target answers for the same disk. Written by the worker, read by any thread; what came last is
 * kept, and how many came.
 */
public final class AddressWatch {
    private volatile long mac;
    private volatile long sightings;

    /** Worker only. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void sighted(long source) {
        mac = source;
        sightings++;
    }

    /** Who was seen last, as in {@link org.vblade4j.wire.Mac}; 0 for nobody. */
    public long mac() {
        return mac;
    }

    /** How many responses of others there were. */
    public long sightings() {
        return sightings;
    }
}
