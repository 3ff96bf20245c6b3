// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.List;

/**
 * What came of it.
 *
 * @param elapsedNs of the rounds, without writing all sectors before them
 * @param operations that hosts asked for
 * @param frames sent
 * @param answers received
 * @param resends frames among those sent that repeat others
 * @param unanswered requests, tags that is, without any answer
 * @param errors answers that say that the command failed
 * @param lastError the latest of those in words, "" for none
 * @param checkedSectors sectors in answers to reads
 * @param complete every sector was read in the end
 * @param findings of each sector the first
 */
public record TortureReport(
        long elapsedNs,
        long operations,
        long frames,
        long answers,
        long resends,
        long unanswered,
        long errors,
        String lastError,
        long checkedSectors,
        boolean complete,
        List<Finding> findings) {

    public TortureReport {
        findings = List.copyOf(findings);
    }

    /** Nothing was found. */
    public boolean good() {
        return findings.isEmpty();
    }
}
