// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

/** Numbers and layouts from sys/socket.h, net/if.h, linux/netlink.h and linux/filter.h. */
public final class Sockets {
    // sys/socket.h
    public static final int AF_UNIX = 1;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int SOL_SOCKET = 1;
    public static final int SO_ERROR = 4;
    public static final int SO_SNDBUF = 7;
    public static final int SO_ATTACH_FILTER = 26;
    public static final int SO_SNDBUFFORCE = 32;

    // struct msghdr in struct mmsghdr; struct iovec
    public static final int MMSGHDR_BYTES = 64;
    public static final int MSGHDR_IOV = 16;
    public static final int MSGHDR_IOVLEN = 24;
    public static final int IOVEC_BYTES = 16;
    public static final int IOVEC_LEN = 8;

    // struct pollfd
    public static final int POLLFD_BYTES = 8;
    public static final int POLLFD_EVENTS = 4;
    public static final int POLLFD_REVENTS = 6;

    // net/if.h: ioctl(2) requests on struct ifreq, see netdevice(7)
    public static final long SIOCGIFNAME = 0x8910;
    public static final long SIOCGIFFLAGS = 0x8913;
    public static final long SIOCGIFMTU = 0x8921;
    public static final long SIOCGIFHWADDR = 0x8927;
    public static final long SIOCGIFINDEX = 0x8933;
    public static final int IFF_UP = 0x1;
    public static final int IFF_LOOPBACK = 0x8;
    public static final int IFF_RUNNING = 0x40;
    public static final int IFF_SLAVE = 0x800;
    public static final int IFNAMSIZ = 16;
    public static final int IFREQ_BYTES = 40;

    /** Where the union of struct ifreq starts: the MTU, the index or the sockaddr. */
    public static final int IFREQ_VALUE = 16;

    /** In struct ifreq: the address of the sockaddr in its union. */
    public static final int IFREQ_HWADDR = 18;

    /** The sockaddr's family for SIOCGIFHWADDR (net/if_arp.h). */
    public static final int ARPHRD_ETHER = 1;

    // linux/netlink.h, linux/rtnetlink.h
    public static final int NETLINK_ROUTE = 0;
    public static final int RTMGRP_LINK = 1;
    public static final int SOCKADDR_NL_BYTES = 12;
    public static final int SOCKADDR_NL_GROUPS = 8;

    // linux/filter.h: struct sock_fprog, struct sock_filter
    public static final int SOCK_FPROG_BYTES = 16;
    public static final int SOCK_FPROG_FILTER = 8;
    public static final int SOCK_FILTER_BYTES = 8;

    private Sockets() {}
}
