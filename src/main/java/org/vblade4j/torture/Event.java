// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

/**
 * One request as it was sent and answered.
 *
 * @param operation what its sectors carry, or for a read only a number
 * @param mac the host's hardware address
 * @param sentNs since the start
 * @param answeredNs since the start; -1 for never
 */
public record Event(
        long operation,
        boolean write,
        long mac,
        int tag,
        long lba,
        int sectors,
        long sentNs,
        long answeredNs) {}
