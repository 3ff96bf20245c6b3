// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;

/**
 * An answer to an {@link Inquiry}.
 *
 * @param frame a copy, big-endian, the frame from byte 0 to the limit: for the accessors of {@code
 *     org.vblade4j.wire}
 * @param roundTripNs since the transmission that it answers
 */
public record Reply(ByteBuffer frame, long roundTripNs) {}
