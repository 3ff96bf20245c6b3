// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The requests that answers may still come for. One that is left behind by many others is
 * forgotten, so that what is kept of the sectors' histories has a bound.
 */
final class Requests {
    /** So many requests later one without an answer is forgotten. */
    private static final int MAX_BEHIND = 5_000;

    private final Map<Long, Request> byTag = new HashMap<>();
    private final Deque<Request> all = new ArrayDeque<>();
    private final Deque<Request> reads = new ArrayDeque<>();
    private long count;
    private long unanswered;

    /** For the first sending. */
    void add(Request request) {
        request.number = count++;
        byTag.put(key(request.host, request.tag), request);
        all.add(request);
        if (!request.operation.write) {
            reads.add(request);
        }
        leaveBehind();
    }

    private void leaveBehind() {
        Request oldest = all.peek();
        while (oldest != null && (oldest.over() || count - oldest.number > MAX_BEHIND)) {
            all.remove();
            byTag.remove(key(oldest.host, oldest.tag));
            oldest.forgotten = true;
            unanswered += oldest.answers == 0 ? 1 : 0;
            oldest = all.peek();
        }
    }

    /** Null when it is unknown or forgotten. */
    Request find(Host host, int tag) {
        return byTag.get(key(host, tag));
    }

    /** When the first of the reads was sent that may still be answered; {@code now} for none. */
    long oldestRead(long now) {
        Request oldest = reads.peek();
        while (oldest != null && oldest.over()) {
            reads.remove();
            oldest = reads.peek();
        }
        return oldest == null ? now : oldest.firstSent;
    }

    /** Those without any answer. */
    long unanswered() {
        return unanswered + all.stream().filter(request -> request.answers == 0).count();
    }

    private static long key(Host host, int tag) {
        return (long) host.index << 32 | (tag & 0xffff_ffffL);
    }
}
