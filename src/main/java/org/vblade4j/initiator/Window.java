// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

/**
 * How many frames may be unanswered on a path, as Linux's driver finds out: it grows by one with
 * each answer up to a threshold, then by one with each whole window of answers, never beyond what
 * the target has buffers for. A loss halves the threshold and begins anew with one frame.
 */
final class Window {
    private int limit;
    private int size;
    private int threshold;
    private int answersLeft;
    private long shrunkNs;

    Window(long nowNs) {
        shrunkNs = nowNs;
    }

    /** Sets the most that it may be; the first time it begins with half of that. */
    void bound(int newLimit) {
        if (limit == 0) {
            size = Math.max(1, newLimit / 2);
            threshold = size;
            answersLeft = size;
        }
        limit = newLimit;
        size = Math.min(size, limit);
    }

    int limit() {
        return limit;
    }

    /** The frames that may be unanswered now. */
    int size() {
        return size;
    }

    void answered() {
        if (size >= limit) {
            return;
        }
        answersLeft--;
        if (size < threshold || answersLeft <= 0) {
            size++;
            answersLeft = size;
        }
    }

    /**
     * A frame was not answered in time. Those that were sent before the last loss was noticed are a
     * part of it.
     */
    void lost(long sentNs, long nowNs) {
        if (sentNs - shrunkNs < 0) {
            return;
        }
        shrunkNs = nowNs;
        threshold = Math.max(1, size / 2);
        size = 1;
    }
}
