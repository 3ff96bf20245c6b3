// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/** What may be carried out after frames that were sent later. */
class MisdeliveredFrameTest {
    private static final int AT = 16;

    private final ByteBuffer frame = ByteBuffer.allocate(256);

    private boolean mayComeLate() {
        return MisdeliveredFrame.mayComeLate(frame, AT, 60);
    }

    private void command(int command) {
        AoeFrame.putAoe(frame, AT, 0, 1, 1, command, 7);
    }

    @ParameterizedTest
    @CsvSource({
        "0x20, true",
        "0x24, true",
        "0xec, true",
        "0xe7, true",
        "0x30, false",
        "0x34, false"
    })
    void aWriteMayNot(int opcode, boolean may) {
        command(Aoe.COMMAND_ATA);
        AtaFrame.putRequest(frame, AT, AtaFrame.FLAG_EXTENDED, opcode, 1, 0);
        assertEquals(may, mayComeLate());
    }

    @ParameterizedTest
    @CsvSource({"0, true, true", "1, true, false", "2, true, false", "3, false, false"})
    void aChangeMayNot(int operation, boolean config, boolean others) {
        command(Aoe.COMMAND_CONFIG);
        ConfigFrame.putRequest(frame, AT, operation, 0);
        assertEquals(config, mayComeLate());
        command(Aoe.COMMAND_MASK);
        MaskFrame.put(frame, AT, operation, 0, 0);
        assertEquals(others, mayComeLate());
        command(Aoe.COMMAND_RESERVE);
        ReserveFrame.put(frame, AT, operation, 0);
        assertEquals(others, mayComeLate());
    }
}
