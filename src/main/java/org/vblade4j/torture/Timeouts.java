// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** When hosts become impatient: each time they wait twice as long as the time before. */
final class Timeouts {
    private static final long FIRST_NS = 25_000_000;
    private static final int STEPS = 5;

    private record Waiting(Request request, long dueNs) {}

    private final List<Deque<Waiting>> steps = new ArrayList<>();

    Timeouts() {
        for (int i = 0; i < STEPS; i++) {
            steps.add(new ArrayDeque<>());
        }
    }

    /** From now on an answer is waited for. */
    void add(Request request, long nowNs) {
        int step = Math.min(request.operation.timeouts, STEPS - 1);
        steps.get(step).add(new Waiting(request, nowNs + (FIRST_NS << step)));
    }

    /** Hands over all whose time has come; those whose operation is over are dropped. */
    void due(long nowNs, Consumer<Request> late) {
        for (Deque<Waiting> waiting : steps) {
            Waiting first = waiting.peek();
            while (first != null && (first.request.operation.over || first.dueNs <= nowNs)) {
                waiting.remove();
                if (!first.request.operation.over) {
                    late.accept(first.request);
                }
                first = waiting.peek();
            }
        }
    }
}
