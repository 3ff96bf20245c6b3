// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a kernel keeps of one file or device, in three layers: pages in memory, the medium that they
 * are read from and written back to, and what of the medium outlives a power cut.
 *
 * <pre>
 * page cache --write back--> medium (a disk with a volatile cache) --flush--> platter
 * </pre>
 *
 * Each sector of medium and platter has a number that grows with each change, so that what is
 * written back late never undoes what was written since.
 */
final class SimDisk {
    static final int SECTOR_BYTES = 512;
    static final int PAGE_BYTES = 4096;
    private static final int PAGE_SECTORS = PAGE_BYTES / SECTOR_BYTES;

    private final SplittableRandom random;
    private final Tally tally;
    private final byte[] cache;
    private final byte[] medium;
    private final byte[] platter;
    private final long[] mediumChange;
    private final long[] platterChange;
    private final boolean[] resident;
    private final boolean[] dirty;
    private final boolean[] hole;
    private final List<Sync> syncs = new ArrayList<>();
    private long change;
    private int sectors;

    /** No block is left for what is written to a hole. */
    boolean full;

    /** Something that was written has been lost without a power cut. */
    boolean lossy;

    SimDisk(SplittableRandom random, Tally tally, int sectors) {
        this.random = random;
        this.tally = tally;
        this.sectors = sectors;
        int pages = (sectors + PAGE_SECTORS - 1) / PAGE_SECTORS;
        cache = new byte[pages * PAGE_BYTES];
        medium = new byte[cache.length];
        platter = new byte[cache.length];
        mediumChange = new long[pages * PAGE_SECTORS];
        platterChange = new long[pages * PAGE_SECTORS];
        resident = new boolean[pages];
        dirty = new boolean[pages];
        hole = new boolean[pages];
    }

    int sectors() {
        return sectors;
    }

    /** Pages that hold at least one byte. */
    int pages() {
        return (sectors + PAGE_SECTORS - 1) / PAGE_SECTORS;
    }

    boolean resident(int page) {
        return page < pages() && resident[page];
    }

    /** A page that is to be written back, the first from this one on if there is one. */
    int dirtyPage(int from) {
        int page = from;
        while (page < dirty.length && !dirty[page]) {
            page++;
        }
        return page < dirty.length ? page : from;
    }

    void makeHole(int page) {
        hole[page] = true;
    }

    /** Whether nothing was ever written there. */
    boolean isHole(long position, long bytes) {
        boolean all = true;
        for (int page = page(position); page <= page(position + bytes - 1); page++) {
            all &= page >= hole.length || hole[page];
        }
        return all;
    }

    /** Where the first page is that is no hole; negative when there is none. */
    long firstData() {
        for (int page = 0; page < pages(); page++) {
            if (!hole[page]) {
                return (long) page * PAGE_BYTES;
            }
        }
        return -1;
    }

    void readIn(int page) {
        if (!resident[page]) {
            resident[page] = true;
            System.arraycopy(medium, page * PAGE_BYTES, cache, page * PAGE_BYTES, PAGE_BYTES);
        }
    }

    private void faultIn(int page) {
        tally.add(Tally.Event.MAJOR_FAULTS, resident[page] ? 0 : 1);
        readIn(page);
    }

    /** Drops a page, which is written back before if it has to be. */
    void evict(int page) {
        if (syncs.stream().noneMatch(sync -> sync.pages[page])) {
            writeBack(page);
            tally.add(Tally.Event.PAGES_EVICTED, resident[page] ? 1 : 0);
            resident[page] = false;
        }
    }

    void writeBack(int page) {
        if (dirty[page]) {
            dirty[page] = false;
            change++;
            for (int i = page * PAGE_SECTORS; i < (page + 1) * PAGE_SECTORS; i++) {
                copySector(cache, medium, i);
                mediumChange[i] = change;
            }
        }
    }

    /** Writing back fails: the page counts as clean, and is gone when it is evicted. */
    boolean loseWriteBack(int page) {
        boolean lost = dirty[page];
        dirty[page] = false;
        lossy |= lost;
        tally.add(Tally.Event.LOST_WRITE_BACKS, lost ? 1 : 0);
        return lost;
    }

    /** False when a page of it cannot be had for want of space. */
    boolean mayWrite(long position, long bytes) {
        int last = Math.min(hole.length - 1, page(position + bytes - 1));
        for (int page = page(position); full && page <= last; page++) {
            if (hole[page]) {
                return false;
            }
        }
        return true;
    }

    /** Into the page cache; inside one page. */
    void write(long position, byte[] data, int from, int bytes) {
        int page = page(position);
        faultIn(page);
        System.arraycopy(data, from, cache, (int) position, bytes);
        dirty[page] = true;
        hole[page] = false;
    }

    /** Out of the page cache; inside one page. */
    void read(long position, byte[] data, int from, int bytes) {
        faultIn(page(position));
        System.arraycopy(cache, (int) position, data, from, bytes);
    }

    /** Past the page cache; inside one page, whole sectors. */
    void writeDirect(long position, byte[] data, int from, int bytes) {
        int page = page(position);
        settle(page);
        resident[page] = false;
        hole[page] = false;
        System.arraycopy(data, from, medium, (int) position, bytes);
        change++;
        for (int i = sector(position); i < sector(position + bytes); i++) {
            mediumChange[i] = change;
        }
    }

    /** Past the page cache; inside one page. */
    void readDirect(long position, byte[] data, int from, int bytes) {
        settle(page(position));
        System.arraycopy(medium, (int) position, data, from, bytes);
    }

    /** As a write of O_DSYNC ends: the page is on the platter. */
    void makeDurable(long position) {
        int page = page(position);
        settle(page);
        for (int i = page * PAGE_SECTORS; i < (page + 1) * PAGE_SECTORS; i++) {
            copySector(medium, platter, i);
            platterChange[i] = mediumChange[i];
        }
    }

    /** What is in memory and not on the medium gets there. */
    private void settle(int page) {
        for (Sync sync : syncs) {
            sync.apply(page);
        }
        writeBack(page);
    }

    void resize(int newSectors) {
        change++;
        for (int i = Math.min(sectors, newSectors); i < mediumChange.length; i++) {
            Arrays.fill(cache, i * SECTOR_BYTES, (i + 1) * SECTOR_BYTES, (byte) 0);
            Arrays.fill(medium, i * SECTOR_BYTES, (i + 1) * SECTOR_BYTES, (byte) 0);
            Arrays.fill(platter, i * SECTOR_BYTES, (i + 1) * SECTOR_BYTES, (byte) 0);
            mediumChange[i] = change;
            platterChange[i] = change;
        }
        sectors = newSectors;
        for (int page = pages(); page < resident.length; page++) {
            resident[page] = false;
            dirty[page] = false;
        }
    }

    /** Of each sector that was not flushed either the old or the new is there. */
    void cutPower() {
        for (int page = 0; page < resident.length; page++) {
            if (random.nextBoolean()) {
                settle(page);
            }
            resident[page] = false;
            dirty[page] = false;
        }
        syncs.clear();
        for (int i = 0; i < mediumChange.length; i++) {
            if (random.nextBoolean()) {
                copySector(platter, medium, i);
            } else {
                copySector(medium, platter, i);
            }
            platterChange[i] = mediumChange[i];
        }
    }

    /** What a read would give now, wherever it comes from. */
    byte[] image() {
        byte[] image = medium.clone();
        for (int page = 0; page < resident.length; page++) {
            if (resident[page]) {
                System.arraycopy(cache, page * PAGE_BYTES, image, page * PAGE_BYTES, PAGE_BYTES);
            }
        }
        return image;
    }

    private static void copySector(byte[] from, byte[] to, int sector) {
        System.arraycopy(from, sector * SECTOR_BYTES, to, sector * SECTOR_BYTES, SECTOR_BYTES);
    }

    static int page(long position) {
        return (int) (position / PAGE_BYTES);
    }

    private static int sector(long position) {
        return (int) (position / SECTOR_BYTES);
    }

    /** An fdatasync(2): what is dirty when it begins, and is on the medium then, gets down. */
    final class Sync {
        private final byte[] image = medium.clone();
        private final long[] changes = mediumChange.clone();
        private final boolean[] pages = dirty.clone();

        Sync() {
            change++;
            for (int page = 0; page < pages.length; page++) {
                if (pages[page]) {
                    dirty[page] = false;
                    int at = page * PAGE_BYTES;
                    System.arraycopy(cache, at, image, at, PAGE_BYTES);
                    Arrays.fill(changes, page * PAGE_SECTORS, (page + 1) * PAGE_SECTORS, change);
                }
            }
            syncs.add(this);
        }

        private void apply(int page) {
            for (int i = page * PAGE_SECTORS; pages[page] && i < (page + 1) * PAGE_SECTORS; i++) {
                applySector(i);
            }
        }

        private void applySector(int i) {
            if (changes[i] > mediumChange[i]) {
                copySector(image, medium, i);
                mediumChange[i] = changes[i];
            }
        }

        void succeed() {
            for (int i = 0; i < changes.length; i++) {
                applySector(i);
                if (changes[i] > platterChange[i]) {
                    copySector(image, platter, i);
                    platterChange[i] = changes[i];
                }
            }
            syncs.remove(this);
        }

        /** What was not written by then is lost, or stays dirty. */
        void fail(boolean keeps) {
            syncs.remove(this);
            for (int page = 0; page < pages.length; page++) {
                if (pages[page] && keeps) {
                    dirty[page] |= resident[page];
                } else if (pages[page] && random.nextBoolean()) {
                    apply(page);
                } else {
                    lossy |= pages[page];
                }
            }
        }
    }
}
