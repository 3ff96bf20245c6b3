// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.bench;

import org.HdrHistogram.Histogram;

/**
 * What came of a run.
 *
 * @param elapsedNs the measured time
 * @param reads answered in that time
 * @param writes answered in that time
 * @param bytes moved in that time
 * @param answered in the whole run, warm-up and comparing included
 * @param resends requests sent again, in the whole run
 * @param errors answers that were an error, in the whole run
 * @param lost requests given up at the end: no answer came
 * @param badBlocks reads that did not return what had been written; 0 unless verified
 * @param verifiedBlocks reads that were compared
 * @param readNs latencies of the reads, from the first sending to the answer
 * @param writeNs latencies of the writes
 */
public record LoadReport(
        long elapsedNs,
        long reads,
        long writes,
        long bytes,
        long answered,
        long resends,
        long errors,
        long lost,
        long badBlocks,
        long verifiedBlocks,
        Histogram readNs,
        Histogram writeNs) {

    public double perSecond() {
        return (reads + writes) * 1e9 / elapsedNs;
    }

    /** Millions of bytes a second. */
    public double megabytesPerSecond() {
        return bytes * 1e3 / elapsedNs;
    }

    /** Of reads and writes together. */
    public Histogram latencyNs() {
        Histogram all = readNs.copy();
        all.add(writeNs);
        return all;
    }

    /** True when every request was answered well, and every comparison held. */
    public boolean good() {
        return errors == 0 && lost == 0 && badBlocks == 0;
    }
}
