// SPDX-License-Identifier: Apache-2.0
/**
 * Ethernet over libpcap, through pcap4j: for systems and privileges where packet rings are not to
 * be had, and for capture files. Slower than {@code net.ring}; see docs/performance.
 */
package org.vblade4j.net.pcap;
