// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vblade4j.wire.AoeFrame;

class MailboxTest {
    private static final int FRAME_BYTES = 1514;

    private int wakeUps;

    @Test
    void framesArePassedOnInOrderAndDroppedWhenItIsFull() {
        Mailbox mailbox = new Mailbox(FRAME_BYTES, () -> wakeUps++);
        ByteBuffer frame = ByteBuffer.allocateDirect(FRAME_BYTES);
        int full = Mailbox.FRAMES;
        for (int i = 0; i < full + 8; i++) {
            frame.putInt(20, i);
            assertEquals(i < full, mailbox.post(frame, 0, FRAME_BYTES), "full");
        }
        assertEquals(full, wakeUps);
        assertEquals(8, mailbox.takeDrops());
        assertEquals(0, mailbox.takeDrops());
        List<Integer> tags = new ArrayList<>();
        assertEquals(20, mailbox.receive((b, at, n) -> tags.add(AoeFrame.tag(b, at)), 20));
        assertTrue(mailbox.post(frame, 0, FRAME_BYTES));
        int rest = full - 20 + 1;
        assertEquals(rest, mailbox.receive((b, at, n) -> tags.add(AoeFrame.tag(b, at)), full));
        assertEquals(full - 1, tags.get(full - 1));
        assertEquals(full + 7, tags.get(full));
        assertFalse(mailbox.hasMail());
        mailbox.close();
        assertFalse(mailbox.post(frame, 0, 60));
        assertFalse(mailbox.hasMail());
    }
}
