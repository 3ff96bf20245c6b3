// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds who reads a received frame after its batch has ended. Every port calls {@link #overwrite}
 * in an assertion when it gives a frame's memory back, which the next frame would overwrite some
 * time later. So with assertions on, as in all tests, such a reader gets wrong data at once;
 * without them it costs nothing.
 */
public final class ReturnedFrames {
    private static final byte[] FILLING = new byte[4096];

    static {
        Arrays.fill(FILLING, (byte) 0xdb);
    }

    private ReturnedFrames() {}

    /** Overwrites a frame's memory; always true, to stand in an assertion. */
    public static boolean overwrite(ByteBuffer buffer, int offset, int lengthBytes) {
        for (int done = 0; done < lengthBytes; done += FILLING.length) {
            int bytes = Math.min(FILLING.length, lengthBytes - done);
            buffer.put(offset + done, FILLING, 0, bytes);
        }
        return true;
    }
}
