// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

/** How many frames an export's receive ring holds. */
final class RingFrames {
    private static final int MIN_RECEIVE_FRAMES = 16;
    private static final int MAX_RECEIVE_FRAMES = 4096;

    /** Frames a buffer and altogether when the program chooses, for one of few exports. */
    private static final int ROOMY_FRAMES = 8;

    private static final int MAX_ROOMY_FRAMES = 512;

    /** Frames beyond the buffers for one of many. */
    private static final int CROWDED_FRAMES = 16;

    private RingFrames() {}

    /**
     * A ring holds at least what all buffers need, be that set or not.
     *
     * @param configured 0 to choose
     * @param crowded one of many exports
     */
    static int of(int bufferCount, int configured, boolean crowded) {
        int buffers = Math.min(bufferCount, MAX_RECEIVE_FRAMES);
        int chosen =
                crowded
                        ? buffers + CROWDED_FRAMES
                        : Math.min(ROOMY_FRAMES * buffers, MAX_ROOMY_FRAMES);
        int wanted = configured == 0 ? chosen : configured;
        return Math.max(MIN_RECEIVE_FRAMES, Math.max(wanted, buffers));
    }
}
