// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * Which pages of a mapping are in memory, as mincore(2) has told of late: asked for a group of
 * pages at a time, and believed for {@value #LIFETIME_MS} ms.
 *
 * <p>A page can leave the page cache after it was seen there, so that touching it waits for the
 * disk: the kernel reclaims what it finds cold, somebody drops caches by hand; nothing announces
 * that. Such a wait shows as a major fault of the thread. After one nothing is believed to be in
 * memory for {@value #WARY_MS} ms; if it happens again soon after, for twice as long, and so on:
 * where memory is short the reads go another way, on which the thread never waits.
 */
final class Residency implements AutoCloseable {
    static final int PAGE_BYTES = NativeMemory.PAGE_BYTES;
    private static final int PAGE_SHIFT = 12;
    private static final int GROUP_SHIFT = 7;
    private static final int GROUP_PAGES = 1 << GROUP_SHIFT;
    private static final int WORD_PAGES = Long.SIZE;
    private static final int LIFETIME_MS = 100;
    private static final int WARY_MS = 1000;
    private static final int MAX_WARY_MS = 64 * WARY_MS;
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

    private final NativeMemory memory;
    private final ByteBuffer fields;
    private long address;
    private long pages;
    private long nowNs;
    private long wrongBeforeNs;
    private long waryUntilNs;
    private long waryNs = WARY_MS * MS_NS;
    private long faultsCheckedNs;
    private long faults = UNKNOWN;

    private Residency(NativeMemory memory) {
        this.memory = memory;
        fields = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
        nowNs = System.nanoTime();
        wrongBeforeNs = nowNs;
        waryUntilNs = nowNs - waryNs; // and not a moment ago
        faultsCheckedNs = nowNs;
    }

    static Residency create() throws OsException {
        return new Residency(NativeMemory.allocate(SCRATCH_BYTES + (long) ENTRIES * ENTRY_BYTES));
    }

    /** Starts anew with a mapping of so many pages at this address. */
    void reset(long mappedAddress, long mappedPages) {
        address = mappedAddress;
        pages = mappedPages;
        forget();
    }

    /** Nothing asked so far is believed any more. */
    void forget() {
        nowNs = System.nanoTime();
        wrongBeforeNs = nowNs;
    }

    /** To be called now and then, at least every few requests: takes the time. */
    void tick() {
        nowNs = System.nanoTime();
        if (nowNs - faultsCheckedNs >= FAULT_CHECK_NS) {
            faultsCheckedNs = nowNs;
            checkFaults();
        }
    }

    private void checkFaults() {
        if (Libc.getrusage(Linux.RUSAGE_THREAD, memory.address()) == 0) {
            long before = faults;
            faults = fields.getLong(Linux.RU_MAJFLT);
            if (faults != before && before != UNKNOWN) {
                beWary();
            }
        }
    }

    private void beWary() {
        boolean soon = nowNs - waryUntilNs < waryNs;
        waryNs = soon ? Math.min(2 * waryNs, MAX_WARY_MS * MS_NS) : WARY_MS * MS_NS;
        waryUntilNs = nowNs + waryNs;
        wrongBeforeNs = nowNs;
    }

    /** Whether all of these bytes of the mapping are in memory, as far as can be known. */
    boolean covers(long at, int bytes) {
        if (nowNs - waryUntilNs < 0) {
            return false;
        }
        long last = (at + bytes - 1) >> PAGE_SHIFT;
        for (long page = at >> PAGE_SHIFT; page <= last; page++) {
            int word = group(page >> GROUP_SHIFT) + ((int) page & WORD_PAGES) / Byte.SIZE;
            if ((fields.getLong(word) >>> page & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the group's pages lie as bits, the first the lowest. */
    private int group(long group) {
        int entry = SCRATCH_BYTES + (int) (group & (ENTRIES - 1)) * ENTRY_BYTES;
        long takenNs = fields.getLong(entry + TAKEN_AT);
        if (fields.getLong(entry) != group + 1
                || nowNs - takenNs > LIFETIME_MS * MS_NS
                || takenNs - wrongBeforeNs < 0) {
            fields.putLong(entry, group + 1);
            fields.putLong(entry + TAKEN_AT, nowNs);
            ask(group << GROUP_SHIFT, entry + PAGES_AT);
        }
        return entry + PAGES_AT;
    }

    private void ask(long firstPage, int at) {
        int count = (int) Math.max(0, Math.min(GROUP_PAGES, pages - firstPage));
        long from = address + (firstPage << PAGE_SHIFT);
        if (Libc.mincore(from, (long) count << PAGE_SHIFT, memory.address()) != 0) {
            count = 0;
        }
        fields.putLong(at, bits(0, Math.min(count, WORD_PAGES)));
        fields.putLong(at + Long.BYTES, bits(WORD_PAGES, count));
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
