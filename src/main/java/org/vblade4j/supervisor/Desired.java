// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.util.List;
import java.util.Optional;
import org.vblade4j.control.Request;

/**
 * What an operator last asked of an export.
 *
 * @param running whether it should run
 * @param line the line it was started with last, when that was not the configured one
 */
record Desired(boolean running, Optional<String> line) {
    static final Desired STOPPED = new Desired(false, Optional.empty());
    static final Desired RUNNING = new Desired(true, Optional.empty());

    static Desired runningWith(String line) {
        return new Desired(true, Optional.of(line));
    }

    /** As a file holds it: {@code running} or {@code stopped}, and the line if there is one. */
    String format() {
        return new Request(running ? "running" : "stopped", line.map(List::of).orElse(List.of()))
                .format();
    }

    /**
     * Reads what {@link #format} wrote.
     *
     * @throws IllegalArgumentException for anything else
     */
    static Desired parse(String text) {
        Request words = Request.parse(text);
        boolean running = words.verb().equals("running");
        if ((!running && !words.verb().equals("stopped")) || words.arguments().size() > 1) {
            throw new IllegalArgumentException("expected: running [LINE] or stopped [LINE]");
        }
        return new Desired(running, words.arguments().stream().findFirst());
    }
}
