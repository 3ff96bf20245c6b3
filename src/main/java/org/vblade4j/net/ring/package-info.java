// SPDX-License-Identifier: Apache-2.0
/**
 * The port of production: an AF_PACKET socket whose filter runs in the kernel, a memory-mapped
 * TPACKET_V2 receive ring, and one sendmmsg a batch. See packet(7).
 */
package org.vblade4j.net.ring;
