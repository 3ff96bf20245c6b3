// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.util.SplittableRandom;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.engine.EngineChoice;

/**
 * What a run is made of, as its seed chooses.
 *
 * @param device a block device, not a file
 * @param blockBytes what direct transfers must be multiples of
 * @param options how the disk is opened
 * @param behindSectors of the disk behind the part that is exported
 * @param ringFrames frames that the receive ring holds
 * @param slots requests that can be in progress
 * @param latencyNs how long an operation of the disk takes at most
 * @param oneInStirs of so many turns one in which the page cache changes; 0 for never
 * @param spinNs for how long a worker looks for work before it sleeps
 */
record SimSetup(
        boolean device,
        int blockBytes,
        StoreOptions options,
        int behindSectors,
        int mtuBytes,
        int ringFrames,
        int slots,
        SimCalls.Faults faults,
        long latencyNs,
        int oneInStirs,
        long spinNs) {
    private static final int[] MTUS = {1500, 1500, 2600, 9000};
    private static final int MAX_OFFSET = 20;

    static SimSetup random(SplittableRandom random) {
        boolean direct = random.nextInt(5) < 2;
        boolean synced = random.nextInt(5) < 2;
        boolean readOnly = random.nextInt(32) == 0;
        boolean window = random.nextInt(4) == 0;
        int offset = window ? random.nextInt(MAX_OFFSET) : 0;
        int behind = window ? random.nextInt(MAX_OFFSET) : 0;
        int length = behind > 0 ? Simulation.SECTORS : 0;
        EngineChoice engine = random.nextInt(4) == 0 ? EngineChoice.SYNC : EngineChoice.URING;
        StoreOptions options =
                new StoreOptions(direct, synced, readOnly, offset, length)
                        .on(engine, 1 + random.nextInt(random.nextBoolean() ? 4 : 32));
        return new SimSetup(
                random.nextInt(3) == 0,
                random.nextInt(3) == 0 ? 4096 : 512,
                options,
                behind,
                MTUS[random.nextInt(MTUS.length)],
                4 + random.nextInt(random.nextBoolean() ? 12 : 60),
                4 + random.nextInt(40),
                faults(random, !direct && synced),
                1 + random.nextLong(random.nextBoolean() ? 200_000 : 4_000_000),
                random.nextBoolean() ? 0 : 1 << (2 + random.nextInt(9)),
                random.nextInt(3) * 100_000L);
    }

    private static SimCalls.Faults faults(SplittableRandom random, boolean syncsLose) {
        return new SimCalls.Faults(
                syncsLose || random.nextInt(3) == 0 ? 8 + random.nextInt(60) : 0,
                random.nextInt(2) == 0 ? 4 + random.nextInt(30) : 0,
                random.nextInt(3) == 0 ? 8 + random.nextInt(60) : 0,
                syncsLose);
    }

    int diskSectors(int shownSectors) {
        return (int) options.offsetSectors() + shownSectors + behindSectors;
    }
}
