// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

/**
 * How one path of a {@link RemoteDisk} has fared.
 *
 * @param framesSent all, repetitions and probes too
 * @param timeouts frames that were not answered in time
 * @param answers frames that came from its station for this disk, late ones too
 * @param roundTripNs smoothed; 0 before the first answer
 */
public record PathReport(
        DiskPath path,
        PathState state,
        long framesSent,
        long timeouts,
        long answers,
        long roundTripNs) {}
