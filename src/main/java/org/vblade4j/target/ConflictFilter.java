// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import org.vblade4j.ata.AtaTask;

/**
 * Tells fast that a request has nothing in common with those in progress, so that they need not be
 * looked at one by one: counts of tags and of sectors, hashed. Where it says "perhaps", only
 * looking tells.
 */
final class ConflictFilter {
    private static final int TAGS = 1024;
    private static final int PLACES = 4096;

    /** Two sectors a place: the least that most initiators ask for. */
    private static final int PLACE_SHIFT = 1;

    private final short[] tags = new short[TAGS];
    private final short[] written = new short[PLACES];
    private final short[] touched = new short[PLACES];
    private int writes;

    /** A request whose task is filled in comes into progress. */
    void add(PendingRequest request) {
        count(request, 1);
    }

    /** It is done; its task still says what it was. */
    void remove(PendingRequest request) {
        count(request, -1);
    }

    private void count(PendingRequest request, int by) {
        AtaTask task = request.task;
        boolean write = task.kind() == AtaTask.Kind.WRITE;
        tags[request.tag & (TAGS - 1)] += (short) by;
        writes += write ? by : 0;
        long last = last(task);
        for (long place = first(task); place <= last; place++) {
            int at = (int) place & (PLACES - 1);
            touched[at] += (short) by;
            if (write) {
                written[at] += (short) by;
            }
        }
    }

    private static long first(AtaTask task) {
        return task.lba() >> PLACE_SHIFT;
    }

    /** Below the first for a flush, which touches no sector. */
    private static long last(AtaTask task) {
        return (task.lba() + task.sectors() - 1) >> PLACE_SHIFT;
    }

    /** False when no request in progress has this tag. */
    boolean mayContain(int tag) {
        return tags[tag & (TAGS - 1)] != 0;
    }

    /** False when a request has to wait for none in progress. */
    boolean mayConflict(AtaTask task) {
        return switch (task.kind()) {
            case FLUSH -> writes > 0;
            case WRITE -> any(touched, task);
            default -> writes > 0 && any(written, task);
        };
    }

    private static boolean any(short[] counts, AtaTask task) {
        long last = last(task);
        for (long place = first(task); place <= last; place++) {
            if (counts[(int) place & (PLACES - 1)] != 0) {
                return true;
            }
        }
        return false;
    }
}
