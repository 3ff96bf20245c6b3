// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

/**
 * The network side of every export, {@code vblade4j.port}.
 *
 * @param kind what moves the frames
 * @param receiveFrames frames a receive ring holds, at least; 0 leaves it to the program
 * @param spinUs how many microseconds a busy export looks for the next frame before it sleeps; 0
 *     means not at all
 */
public record PortSettings(PortKind kind, int receiveFrames, int spinUs) {
    /** As in {@code reference.conf}. */
    public static final PortSettings DEFAULTS = new PortSettings(PortKind.RING, 0, 50);
}
