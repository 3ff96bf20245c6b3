// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.time.Duration;

/**
 * How an export does its I/O. A line in vblade's words cannot say any of it.
 *
 * @param engine what runs requests
 * @param queueDepth I/O operations in progress at most; further requests wait
 * @param roundSectors offer initiators whole multiples of 8 sectors a frame, where 8 fit
 * @param delay each request takes so much longer: for tests of initiators
 */
public record IoOptions(Engine engine, int queueDepth, boolean roundSectors, Duration delay) {
    /** {@code vblade4j.defaults} of {@code reference.conf}. */
    public static final IoOptions DEFAULTS = new IoOptions(Engine.AUTO, 64, false, Duration.ZERO);

    static final int MAX_DEPTH = 1024;
    static final Duration MAX_DELAY = Duration.ofSeconds(10);

    /** What runs requests. */
    public enum Engine {
        /** io_uring where the system grants it, else threads. */
        AUTO,
        URING,
        THREADS,
        /** One request after the other. */
        SYNC
    }
}
