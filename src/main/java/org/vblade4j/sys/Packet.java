// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

/** Numbers and layouts from linux/if_packet.h, see packet(7). */
public final class Packet {
    public static final int SOL_PACKET = 263;
    public static final int PACKET_ADD_MEMBERSHIP = 1;
    public static final int PACKET_RX_RING = 5;
    public static final int PACKET_STATISTICS = 6;
    public static final int PACKET_VERSION = 10;
    public static final int PACKET_RESERVE = 12;
    public static final int PACKET_FANOUT = 18;
    public static final int PACKET_FANOUT_DATA = 22;
    public static final int PACKET_IGNORE_OUTGOING = 23;
    public static final int TPACKET_V2 = 1;

    // struct fanout_args: id and type in the first int, in one order or the other
    public static final int FANOUT_ARGS_BYTES = 8;
    public static final int FANOUT_MAX_MEMBERS = 4;
    public static final int FANOUT_TYPE_SHIFT = 16;
    public static final int PACKET_FANOUT_CBPF = 6;
    public static final int PACKET_FANOUT_FLAG_UNIQUEID = 0x2000;

    // struct packet_mreq
    public static final int PACKET_MREQ_BYTES = 16;
    public static final int MR_IFINDEX = 0;
    public static final int MR_TYPE = 4;
    public static final int MR_ALEN = 6;
    public static final int MR_ADDRESS = 8;
    public static final int PACKET_MR_UNICAST = 3;

    // struct sockaddr_ll
    public static final int SOCKADDR_LL_BYTES = 20;
    public static final int SLL_PROTOCOL = 2;
    public static final int SLL_IFINDEX = 4;
    public static final int SLL_PKTTYPE = 10;
    public static final int PACKET_HOST = 0;
    public static final int PACKET_BROADCAST = 1;

    // struct tpacket_req
    public static final int TPACKET_REQ_BYTES = 16;

    // struct tpacket_stats: two counts, reset by reading
    public static final int TPACKET_STATS_BYTES = 8;
    public static final int TP_DROPS = 4;

    // struct tpacket2_hdr; a struct sockaddr_ll follows
    public static final int TP_STATUS = 0;
    public static final int TP_LEN = 4;
    public static final int TP_SNAPLEN = 8;
    public static final int TP_MAC = 12;
    public static final int TP_SOCKADDR = 32;

    public static final int TP_STATUS_KERNEL = 0;
    public static final int TP_STATUS_USER = 1;
    public static final int TP_STATUS_LOSING = 4;
    public static final int TP_STATUS_VLAN_VALID = 0x10;

    /** Where the kernel puts a frame in a slot of a TPACKET_V2 ring; PACKET_RESERVE adds to it. */
    public static final int TPACKET2_MAC_OFFSET = 66;

    private Packet() {}
}
