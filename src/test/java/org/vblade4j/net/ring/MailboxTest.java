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
        for (int i = 0; i < 40; i++) {
            frame.putInt(20, i);
            assertEquals(i < 32, mailbox.post(frame, 0, FRAME_BYTES), "full after 32");
        }
        assertEquals(32, wakeUps);
        List<Integer> tags = new ArrayList<>();
        assertEquals(20, mailbox.receive((b, at, n) -> tags.add(AoeFrame.tag(b, at)), 20));
        assertTrue(mailbox.post(frame, 0, FRAME_BYTES));
        assertEquals(13, mailbox.receive((b, at, n) -> tags.add(AoeFrame.tag(b, at)), 20));
        assertEquals(31, tags.get(31));
        assertEquals(39, tags.get(32));
        mailbox.close();
        assertFalse(mailbox.post(frame, 0, 60));
        assertFalse(mailbox.hasMail());
    }
}
