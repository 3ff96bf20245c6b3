// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import java.nio.ByteBuffer;

/** Takes received frames. */
@FunctionalInterface
public interface FrameHandler {
    /**
     * Called on the port's thread, once a frame. The frame starts at the absolute {@code offset}
     * (destination address first, VLAN tag and checksum already removed) and is only lent: it is
     * gone when {@link #batchEnd} returns. The buffer is big-endian and shared, so its position and
     * limit must be left as they are, or restored.
     */
    void onFrame(ByteBuffer buffer, int offset, int lengthBytes);

    /**
     * Called once after the frames of one {@link EthernetPort#receive}, if there were any: the last
     * moment to use them.
     */
    default void batchEnd() {}
}
