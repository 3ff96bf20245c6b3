// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

/** Numbers of the AoE protocol that belong to no single frame type (AoEr11). */
public final class Aoe {
    public static final int ETHERTYPE = 0x88a2;
    public static final int VERSION = 1;

    public static final int ETHERNET_HEADER_BYTES = 14;

    /** The shortest Ethernet frame without its checksum; shorter replies are zero padded to it. */
    public static final int MIN_FRAME_BYTES = 60;

    public static final int SECTOR_BYTES = 512;

    /** Header flag: the frame is a response. */
    public static final int FLAG_RESPONSE = 0x8;

    /** Header flag: the response's error byte is valid. */
    public static final int FLAG_ERROR = 0x4;

    public static final int COMMAND_ATA = 0;
    public static final int COMMAND_CONFIG = 1;
    public static final int COMMAND_MASK = 2;
    public static final int COMMAND_RESERVE = 3;

    /** Commands from here to 0xff belong to vendors. */
    public static final int COMMAND_VENDOR_FIRST = 0xf0;

    /** Set in every tag of a user-space initiator: Linux's driver owns the tags without it. */
    public static final int TAG_USER_SPACE = 0x8000_0000;

    /** The most sectors that a frame's one-byte count can name. */
    public static final int MAX_SECTORS = 255;

    private Aoe() {}

    /**
     * Sectors that every peer puts in one frame at this MTU. The Ethernet header is subtracted
     * although the MTU excludes it: both sides compute it so, and the smaller value counts.
     */
    public static int sectorsPerFrame(int mtuBytes) {
        int fits = (mtuBytes - AtaFrame.DATA_OFFSET) / SECTOR_BYTES;
        return Math.max(0, Math.min(MAX_SECTORS, fits));
    }
}
