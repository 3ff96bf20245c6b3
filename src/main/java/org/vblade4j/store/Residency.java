// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongSupplier;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * Which pages of a mapping are in memory, as mincore(2) has told of late: asked for a group of
 * pages at a time, and believed for {@value #LIFETIME_MS} ms.
 *
 * <p>A page can leave the page cache after it was seen there, so that touching it waits for the
 * disk: the kernel reclaims what it finds cold, somebody drops caches by hand; nothing announces
 * that. It shows when a page that was there is gone the next time its group is asked for, and at
 * the latest as a major fault of the thread. Then nothing is believed to be in memory for a while,
 * see {@link ResidencyBackoff}: where memory is short the reads go another way, on which the thread
 * never waits.
 */
final class Residency implements AutoCloseable {
    static final int PAGE_BYTES = NativeMemory.PAGE_BYTES;
    private static final int PAGE_SHIFT = 12;
    private static final int GROUP_SHIFT = 7;
    private static final int GROUP_PAGES = 1 << GROUP_SHIFT;
    private static final int WORD_PAGES = Long.SIZE;
    private static final int LIFETIME_MS = 100;

    /** What is gone after longer than this was cold, and tells little of the next moment. */
    private static final int TELLING_MS = 1000;

    private static final long MS_NS = 1_000_000;
    private static final long FAULT_CHECK_NS = 2 * MS_NS;
    private static final long UNKNOWN = -1;

    /** A group's entry: its number and one, when it was asked, a bit for each page in two words. */
    private static final int ENTRY_BYTES = 32;

    private static final int TAKEN_AT = 8;
    private static final int PAGES_AT = 16;

    /** Covers 4 GiB before groups get in each other's way. */
    private static final int ENTRIES = 8192;

    /** Before the entries: what mincore and getrusage write. */
    private static final int SCRATCH_BYTES = NativeMemory.PAGE_BYTES;

    private final FileCalls calls;
    private final LongSupplier clockNs;
    private final NativeMemory memory;
    private final ByteBuffer fields;
    private final ResidencyBackoff backoff;
    private long address;
    private long pages;
    private long nowNs;
    private long wrongBeforeNs;
    private long faultsCheckedNs;
    private long faults = UNKNOWN;

    private Residency(Platform platform, NativeMemory memory) {
        calls = platform.calls();
        clockNs = platform.clockNs();
        this.memory = memory;
        fields = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
        nowNs = clockNs.getAsLong();
        wrongBeforeNs = nowNs;
        backoff = new ResidencyBackoff(nowNs);
        faultsCheckedNs = nowNs;
    }

    static Residency create(Platform platform) throws OsException {
        return new Residency(
                platform, NativeMemory.allocate(SCRATCH_BYTES + (long) ENTRIES * ENTRY_BYTES));
    }

    /** Starts anew with a mapping of so many pages at this address. */
    void reset(long mappedAddress, long mappedPages) {
        boolean fresh = address == 0; // all zero, and not to be touched before it is needed
        address = mappedAddress;
        pages = mappedPages;
        for (int i = 0; !fresh && i < ENTRIES; i++) {
            fields.putLong(SCRATCH_BYTES + i * ENTRY_BYTES, 0);
        }
    }

    /** Nothing asked so far is believed any more. */
    void forget() {
        nowNs = clockNs.getAsLong();
        wrongBeforeNs = nowNs;
    }

    /** To be called now and then, at least every few requests: takes the time. */
    void tick() {
        nowNs = clockNs.getAsLong();
        if (nowNs - faultsCheckedNs >= FAULT_CHECK_NS) {
            faultsCheckedNs = nowNs;
            checkFaults();
        }
    }

    private void checkFaults() {
        if (calls.getrusage(Linux.RUSAGE_THREAD, memory.address()) == 0) {
            long before = faults;
            faults = fields.getLong(Linux.RU_MAJFLT);
            if (faults != before && before != UNKNOWN) {
                backOff();
            }
        }
    }

    private void backOff() {
        backoff.warn(nowNs);
        wrongBeforeNs = nowNs;
    }

    /** Whether all of these bytes of the mapping are in memory, as far as can be known. */
    boolean covers(long at, int bytes) {
        if (!backoff.looks(nowNs)) {
            return false;
        }
        long last = (at + bytes - 1) >> PAGE_SHIFT;
        for (long page = at >> PAGE_SHIFT; page <= last; page++) {
            int word = group(page >> GROUP_SHIFT) + ((int) page & WORD_PAGES) / Byte.SIZE;
            if ((fields.getLong(word) >>> page & 1) == 0) {
                return false;
            }
        }
        return backoff.trusts(nowNs);
    }

    /** Where the group's pages lie as bits, the first the lowest. */
    private int group(long group) {
        int entry = SCRATCH_BYTES + (int) (group & (ENTRIES - 1)) * ENTRY_BYTES;
        long takenNs = fields.getLong(entry + TAKEN_AT);
        boolean known = fields.getLong(entry) == group + 1;
        long ageNs = nowNs - takenNs;
        if (!known || ageNs > LIFETIME_MS * MS_NS || takenNs - wrongBeforeNs < 0) {
            fields.putLong(entry, group + 1);
            fields.putLong(entry + TAKEN_AT, nowNs);
            boolean left = ask(group << GROUP_SHIFT, entry + PAGES_AT);
            if (left && known && ageNs < TELLING_MS * MS_NS) {
                backOff();
            }
        }
        return entry + PAGES_AT;
    }

    /** Whether a page is gone that the bits there say is in memory; now they say what is. */
    private boolean ask(long firstPage, int at) {
        int count = (int) Math.max(0, Math.min(GROUP_PAGES, pages - firstPage));
        long from = address + (firstPage << PAGE_SHIFT);
        if (calls.mincore(from, (long) count << PAGE_SHIFT, memory.address()) != 0) {
            count = 0;
        }
        boolean left = replace(at, bits(0, Math.min(count, WORD_PAGES)));
        return replace(at + Long.BYTES, bits(WORD_PAGES, count)) || left;
    }

    private boolean replace(int at, long bits) {
        long before = fields.getLong(at);
        fields.putLong(at, bits);
        return (before & ~bits) != 0;
    }

    /** What mincore has written about pages of a group, of which there are at most 64. */
    private long bits(int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            bits |= (fields.get(i) & 1L) << i;
        }
        return bits;
    }

    @Override
    public void close() {
        memory.close();
    }
}
