// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacTest {
    private static final long MAC = 0x02_1a_ff_00_9b_c3L;

    @ParameterizedTest
    @ValueSource(
            strings = {"021aff009bc3", "021AFF009BC3", "02:1a:ff:00:9b:c3", "02-1A-ff-00-9B-c3"})
    void barePairedAndAnyCaseAreRead(String text) {
        assertEquals(OptionalLong.of(MAC), Mac.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "021aff009bc",
                "021aff009bc34",
                "zzzzzzzzzzzz",
                "02:1a:ff:00:9b",
                "02:1a:ff:00:9b:c3:",
                "02:1a-ff:00:9b:c3",
                "0:21a:ff:00:9b:c3",
                "02.1a.ff.00.9b.c3",
                " 21aff009bc3",
                "\u0660\u0662\u0661aff009bc3"
            })
    void anythingElseIsNoAddress(String text) {
        assertEquals(OptionalLong.empty(), Mac.parse(text));
    }

    @Property
    void whatIsFormattedOrStoredComesBack(@ForAll @LongRange(max = 0xffff_ffff_ffffL) long mac) {
        assertEquals(OptionalLong.of(mac), Mac.parse(Mac.format(mac)));
        ByteBuffer buffer = ByteBuffer.allocate(10);
        Mac.put(buffer, 3, mac);
        assertEquals(mac, Mac.get(buffer, 3));
        assertEquals(0, buffer.get(2));
        assertEquals(0, buffer.get(9));
    }

    @Test
    void groupAddressesAndZeroAreNoStation() {
        assertTrue(Mac.isUnicast(MAC));
        assertFalse(Mac.isUnicast(0));
        assertFalse(Mac.isUnicast(Mac.BROADCAST));
        assertFalse(Mac.isUnicast(0x01_00_5e_00_00_01L));
    }
}
