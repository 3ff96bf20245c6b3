// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import java.nio.ByteBuffer;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;

/**
 * Which frames a port lends, in plain Java: what the kernel filter of a real port decides, for
 * ports that have no kernel under them and as the filter's reference in tests. A frame too short to
 * be decided upon is refused.
 */
public final class AcceptRule {
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
        if (lengthBytes <= AoeFrame.VERSION_FLAGS_OFFSET
                || AoeFrame.etherType(frame, offset) != Aoe.ETHERTYPE) {
            return false;
        }
        boolean response = AoeFrame.isResponse(frame, offset);
        if (address == null) {
            return response;
        }
        if (lengthBytes <= AoeFrame.MINOR_OFFSET) {
            return false;
        }
        int major = AoeFrame.major(frame, offset);
        int minor = AoeFrame.minor(frame, offset);
        boolean ownAddress = major == address.shelf() && minor == address.slot();
        return ownAddress || (!response && address.accepts(major, minor));
    }
}
