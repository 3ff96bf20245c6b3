// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.concurrent.atomic.AtomicLong;

/**
 * By which another thread sees whether an export's thread serves: it counts its turns, and marks
 * its sleep. Costs the serving thread one plain store a turn.
 */
final class Heartbeat {
    private final AtomicLong shown = new AtomicLong();
    private long turns;

    /** The serving thread: a turn begins. */
    void beat() {
        shown.lazySet(++turns);
    }

    /** The serving thread: it sleeps until there is something to do. */
    void sleep() {
        shown.lazySet(-turns);
    }

    /** Any thread: changes with each turn; below 0 while it sleeps, 0 before the first turn. */
    long shown() {
        return shown.get();
    }
}
