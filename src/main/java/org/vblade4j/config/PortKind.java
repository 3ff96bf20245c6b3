// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

/** What moves an export's frames. */
public enum PortKind {
    /** Packet rings in memory shared with the kernel: the fast one. */
    RING,
    /** libpcap: slower, where rings are not to be had. */
    PCAP
}
