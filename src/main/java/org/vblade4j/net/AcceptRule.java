// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import java.nio.ByteBuffer;
import org.vblade4j.wire.AoeAddress;

/**
 * Which frames a port lends, in plain Java: what the kernel filter of a real port decides, for
 * ports that have no kernel under them and as the filter's reference in tests. A frame too short to
 * be decided upon is refused.
 */
public final class AcceptRule {
    public static final int ETHERTYPE_AOE = 0x88a2;
    public static final int ETHERTYPE_OFFSET = 12;
    public static final int FLAGS_OFFSET = 14;
    public static final int SHELF_OFFSET = 16;
    public static final int SLOT_OFFSET = 18;

    /** Set in {@link #FLAGS_OFFSET}'s byte by the answering side (AoEr11 §2). */
    public static final int RESPONSE_FLAG = 0x08;

    private final AoeAddress address;

    /** The rule of {@link PortOptions#accept}. */
    public AcceptRule(PortOptions options) {
        boolean requests = options.accept() == PortOptions.Accept.REQUESTS;
        if (requests != (options.address() != null)) {
            throw new IllegalArgumentException("an address goes with REQUESTS and only with them");
        }
        address = options.address();
    }

    /** The frame starts at the absolute {@code offset}. */
    public boolean accepts(ByteBuffer frame, int offset, int lengthBytes) {
        if (lengthBytes <= FLAGS_OFFSET
                || (frame.getShort(offset + ETHERTYPE_OFFSET) & 0xffff) != ETHERTYPE_AOE) {
            return false;
        }
        boolean response = (frame.get(offset + FLAGS_OFFSET) & RESPONSE_FLAG) != 0;
        if (address == null) {
            return response;
        }
        return !response
                && lengthBytes > SLOT_OFFSET
                && address.accepts(
                        frame.getShort(offset + SHELF_OFFSET) & 0xffff,
                        frame.get(offset + SLOT_OFFSET) & 0xff);
    }
}
