// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What each station did, a row each, in one array that is replaced by a longer one when it is full.
 * One thread writes, any thread takes {@link #activities}. A row that is given to another station
 * in the meantime is read again: its epoch is odd while it changes hands, and another one
 * afterwards.
 */
final class StationLedger {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    static final int DISCOVERS = 4;
    static final int READS = 5;
    static final int READ_SECTORS = 6;
    static final int WRITES = 7;
    static final int WRITTEN_SECTORS = 8;
    static final int CONFIGS = 9;
    static final int REFUSED = 10;
    static final int DROPPED = 11;

    /** Behind the epoch. */
    private static final int MAC = 1;

    private static final int FIRST_NS = 2;
    private static final int LAST_NS = 3;
    private static final int COLUMNS = 12;

    private static final int FEW = 8;

    private volatile long[] shared = new long[FEW * COLUMNS];

    /** The same, for the writing thread. */
    private long[] cells = shared;

    /** Starts the row anew for a station. Writing thread only, as all that changes something. */
    void open(int row, long mac, long nowNs) {
        int at = row * COLUMNS;
        if (at >= cells.length) {
            cells = Arrays.copyOf(cells, Math.max(2 * cells.length, at + COLUMNS));
            shared = cells;
        }
        long epoch = cells[at];
        CELL.setOpaque(cells, at, epoch + 1);
        VarHandle.storeStoreFence();
        for (int i = MAC; i < COLUMNS; i++) {
            CELL.setOpaque(cells, at + i, 0L);
        }
        CELL.setOpaque(cells, at + MAC, mac);
        CELL.setOpaque(cells, at + FIRST_NS, nowNs);
        CELL.setOpaque(cells, at + LAST_NS, nowNs);
        CELL.setRelease(cells, at, epoch + 2);
    }

    void seen(int row, long nowNs) {
        CELL.setOpaque(cells, row * COLUMNS + LAST_NS, nowNs);
    }

    void add(int row, int column, long amount) {
        int at = row * COLUMNS + column;
        CELL.setOpaque(cells, at, cells[at] + amount);
    }

    long mac(int row) {
        return cells[row * COLUMNS + MAC];
    }

    long firstSeenNs(int row) {
        return cells[row * COLUMNS + FIRST_NS];
    }

    long lastSeenNs(int row) {
        return cells[row * COLUMNS + LAST_NS];
    }

    /** Whether the station has read or written. */
    boolean hasUsedTheDisk(int row) {
        int at = row * COLUMNS;
        return cells[at + READS] != 0 || cells[at + WRITES] != 0;
    }

    /** False for a row that was never opened. */
    boolean used(int row) {
        int at = row * COLUMNS;
        return at < cells.length && cells[at] != 0;
    }

    /** Any thread: all rows that have been opened. */
    List<StationActivity> activities(long nowNs) {
        List<StationActivity> all = new ArrayList<>();
        long[] rows = shared;
        long[] copy = new long[COLUMNS];
        for (int at = 0; at < rows.length; at += COLUMNS) {
            if (copyRow(rows, at, copy)) {
                all.add(activity(copy, nowNs));
            }
        }
        return all;
    }

    private boolean copyRow(long[] rows, int at, long[] copy) {
        while (true) {
            long epoch = (long) CELL.getAcquire(rows, at);
            if (epoch == 0) {
                return false;
            }
            for (int i = MAC; i < COLUMNS; i++) {
                copy[i] = (long) CELL.getOpaque(rows, at + i);
            }
            VarHandle.loadLoadFence();
            if (epoch % 2 == 0 && (long) CELL.getOpaque(rows, at) == epoch) {
                return true;
            }
            Thread.onSpinWait();
        }
    }

    private static StationActivity activity(long[] row, long nowNs) {
        return new StationActivity(
                row[MAC],
                Math.max(0, nowNs - row[FIRST_NS]),
                Math.max(0, nowNs - row[LAST_NS]),
                row[DISCOVERS],
                row[READS],
                row[READ_SECTORS],
                row[WRITES],
                row[WRITTEN_SECTORS],
                row[CONFIGS],
                row[REFUSED],
                row[DROPPED]);
    }
}
