// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A disk with a volatile write cache: reads see every write, and a power cut keeps what was synced,
 * and of the rest whatever it pleases, down to single sectors. Any thread; its monitor is that of
 * the moment: who holds it sees the disk stand still.
 */
public final class VolatileDisk {
    private static final int SECTOR = BlockStore.SECTOR_BYTES;

    private static final class Write {
        final int offset;
        final byte[] data;

        Write(int offset, byte[] data) {
            this.offset = offset;
            this.data = data;
        }
    }

    private final byte[] durable;
    private final byte[] current;
    private final List<Write> unsynced = new ArrayList<>();
    private long operations;
    private long syncs;
    private long trapAt = Long.MAX_VALUE;
    private Runnable trap;
    private int brokenFrom;
    private int brokenTo;
    private boolean syncsFail;

    public VolatileDisk(int sectors) {
        durable = new byte[sectors * SECTOR];
        current = new byte[sectors * SECTOR];
    }

    public int bytes() {
        return current.length;
    }

    /**
     * Runs the trap once, under the monitor, before so many more writes or syncs are carried out.
     */
    public synchronized void trapAfter(long count, Runnable trap) {
        trapAt = operations + count;
        this.trap = trap;
    }

    /** From now on these sectors, and only these, can be neither read nor written: EIO. */
    public synchronized void breakSectors(int from, int to) {
        brokenFrom = from * SECTOR;
        brokenTo = to * SECTOR;
    }

    /** From now on, or no longer, every sync fails with EIO and keeps nothing. */
    public synchronized void failSyncs(boolean fail) {
        syncsFail = fail;
    }

    synchronized boolean isBroken(int offset, int bytes) {
        return offset < brokenTo && offset + bytes > brokenFrom;
    }

    synchronized boolean syncsFail() {
        return syncsFail;
    }

    synchronized byte[] read(int offset, int bytes) {
        int from = Math.min(offset, current.length);
        return Arrays.copyOfRange(current, from, Math.min(from + bytes, current.length));
    }

    synchronized void write(int offset, byte[] data) {
        step();
        System.arraycopy(data, 0, current, offset, data.length);
        unsynced.add(new Write(offset, data));
    }

    synchronized void sync() {
        step();
        syncs++;
        System.arraycopy(current, 0, durable, 0, current.length);
        unsynced.clear();
    }

    private void step() {
        if (operations++ >= trapAt) {
            trapAt = Long.MAX_VALUE;
            trap.run();
        }
    }

    /** What would be found if the power went now; changes nothing. */
    public synchronized byte[] afterPowerCut(RandomGenerator random) {
        byte[] found = durable.clone();
        for (Write write : unsynced) {
            int keep = random.nextInt(3); // none of it, all of it, any sectors of it
            for (int at = 0; at < write.data.length; at += SECTOR) {
                if (keep == 1 || (keep == 2 && random.nextBoolean())) {
                    int bytes = Math.min(SECTOR, write.data.length - at);
                    System.arraycopy(write.data, at, found, write.offset + at, bytes);
                }
            }
        }
        return found;
    }

    /** Begins anew with what was found; stores that had it open know nothing of that. */
    public synchronized void reset(byte[] found) {
        trapAt = Long.MAX_VALUE;
        unsynced.clear();
        System.arraycopy(found, 0, durable, 0, found.length);
        System.arraycopy(found, 0, current, 0, found.length);
    }

    public synchronized long syncs() {
        return syncs;
    }

    /** Writes and syncs so far. */
    public synchronized long operations() {
        return operations;
    }
}
