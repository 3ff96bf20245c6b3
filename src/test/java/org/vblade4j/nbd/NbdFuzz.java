// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;

/** An NBD client that a fuzzer plays: a negotiation, then the heads of requests. */
public final class NbdFuzz {
    private static final long SIZE_BYTES = 1 << 20;
    private static final int MAX_REPLY_BYTES = 1 << 20;

    private NbdFuzz() {}

    /**
     * Called by the fuzzer; of the first byte a bit makes the export read-only, one asks for TLS.
     */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length == 0) {
            return;
        }
        NbdExport export = new NbdExport("e1.1", "a test", (data[0] & 1) != 0, 4096);
        ByteArrayInputStream in = new ByteArrayInputStream(data, 1, data.length - 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Handshake handshake =
                new Handshake(
                        Channels.newChannel(in),
                        Channels.newChannel(out),
                        export,
                        SIZE_BYTES,
                        (data[0] & 2) != 0 ? () -> {} : null);
        try {
            if (handshake.run()) {
                requests(ByteBuffer.wrap(in.readAllBytes()), export, handshake.structured());
            }
        } catch (ProtocolException | EOFException e) {
            assertTrue(e.getMessage() == null || !e.getMessage().isEmpty());
        }
        assertTrue(out.size() < MAX_REPLY_BYTES, "no flood of answers");
    }

    /** What is not refused lies inside the disk, and is of a length that can be kept. */
    private static void requests(ByteBuffer heads, NbdExport export, boolean structured)
            throws ProtocolException {
        while (heads.remaining() >= Nbd.REQUEST_BYTES) {
            int before = heads.position();
            RequestHead head = RequestHead.parse(heads);
            assertEquals(before + Nbd.REQUEST_BYTES, heads.position());
            int payload = head.payloadBytes();
            assertTrue(payload >= 0 && payload <= NbdExport.MAX_BLOCK_BYTES);
            int refusal = head.refusal(export, structured, SIZE_BYTES);
            if (refusal == 0) {
                int covered = 0;
                Whole whole = new Whole(head);
                while (covered < (head.isLong() ? head.length() : 1)) {
                    RequestHead part = head.isLong() ? whole.part(covered) : head;
                    int slabBytes = Command.slabBytes(part);
                    assertTrue(slabBytes >= 0 && slabBytes <= Memory.REQUEST_BYTES);
                    assertTrue(slabBytes >= part.payloadBytes());
                    covered += Math.max(1, part.length());
                }
                assertTrue(!head.isLong() || covered == head.length(), covered + " bytes");
            }
            boolean moves = head.type() == Nbd.CMD_READ || head.type() == Nbd.CMD_WRITE;
            if (refusal == 0 && moves) {
                long bytes = Integer.toUnsignedLong(head.length());
                assertTrue(bytes <= NbdExport.MAX_BLOCK_BYTES);
                assertTrue(head.offset() >= 0 && head.offset() + bytes <= SIZE_BYTES);
                assertTrue(head.type() == Nbd.CMD_READ || !export.readOnly());
            }
            heads.position(Math.min(heads.limit(), heads.position() + payload));
        }
    }
}
