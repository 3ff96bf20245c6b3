// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import org.vblade4j.net.TransmitSlots;
import org.vblade4j.sys.Packet;
import org.vblade4j.wire.Aoe;

/**
 * How a receive ring is divided: blocks of physically contiguous memory, each with whole frames.
 *
 * <pre>
 * frame: | tpacket2_hdr, sockaddr_ll | reserve | 36 bytes of headers | data ... |
 * </pre>
 *
 * The reserve puts a frame's data on a page where a frame can hold a page of data, so that direct
 * I/O can use it in place on every disk; else on 512 bytes.
 *
 * @param frameBytes a frame's distance to the next in its block
 * @param framesPerBlock whole frames in a block
 * @param blocks number of blocks
 * @param reserveBytes for PACKET_RESERVE
 */
record RingLayout(int frameBytes, int framesPerBlock, int blocks, int reserveBytes) {
    private static final int PAGE_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;
    private static final int BLOCK_GOAL_BYTES = 1 << 15;
    private static final int DATA_OFFSET = Packet.TPACKET2_MAC_OFFSET + TransmitSlots.HEADER_BYTES;

    /** For frames of this MTU, and at least so many of them. */
    static RingLayout of(int mtuBytes, int receiveFrames) {
        int longest = Aoe.ETHERNET_HEADER_BYTES + mtuBytes;
        int alignment =
                longest - TransmitSlots.HEADER_BYTES >= PAGE_BYTES ? PAGE_BYTES : SECTOR_BYTES;
        int reserve = alignment - DATA_OFFSET;
        int frame = roundUp(Packet.TPACKET2_MAC_OFFSET + reserve + longest, alignment);
        int wanted = Math.max(1, Math.min(receiveFrames, BLOCK_GOAL_BYTES / frame));
        int perBlock = roundUp(wanted * frame, PAGE_BYTES) / frame; // the kernel wants it full
        int blocks = (receiveFrames + perBlock - 1) / perBlock;
        return new RingLayout(frame, perBlock, blocks, reserve);
    }

    int frames() {
        return framesPerBlock * blocks;
    }

    int blockBytes() {
        return roundUp(framesPerBlock * frameBytes, PAGE_BYTES);
    }

    long ringBytes() {
        return (long) blocks * blockBytes();
    }

    int offset(int frame) {
        return frame / framesPerBlock * blockBytes() + frame % framesPerBlock * frameBytes;
    }

    /** The longest frame that arrives whole. */
    int capacityBytes() {
        return frameBytes - Packet.TPACKET2_MAC_OFFSET - reserveBytes;
    }

    private static int roundUp(int bytes, int multiple) {
        return (bytes + multiple - 1) & -multiple;
    }
}
