// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vblade4j.net.PortException;
import org.vblade4j.simulation.Simulation.Defect;

/**
 * Whatever happens to the network, the disk and the target: what is read is what a disk must
 * return. {@code -Dvblade4j.simulation.seeds=N} runs more seeds, {@code
 * -Dvblade4j.simulation.seed=N} starts with another one; a failure names its own.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("vblade4j.simulation.seeds", 3000);
    private static final long FIRST_SEED = Long.getLong("vblade4j.simulation.seed", 1);

    @Test
    void aDiskIsADiskWhateverHappens(TestReporter reporter) {
        long answers = 0;
        long kills = 0;
        long succeeded = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Simulation simulation = new Simulation(seed, Defect.NONE);
            try {
                simulation.run();
            } catch (AssertionError | PortException | RuntimeException e) {
                throw new AssertionError("-Dvblade4j.simulation.seed=" + seed + ": " + e, e);
            }
            answers += simulation.answers();
            kills += simulation.kills();
            succeeded += simulation.succeeded();
        }
        reporter.publishEntry(
                "simulation",
                "%d seeds, %d answers checked, %d requests succeeded, %d targets killed"
                        .formatted(SEEDS, answers, succeeded, kills));
        assertTrue(succeeded > SEEDS * 15L, "requests succeeded: " + succeeded);
        assertTrue(SEEDS < 100 || kills > SEEDS / 10, "targets killed: " + kills);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aDefectIsFound(Defect defect) {
        List<String> found = new ArrayList<>();
        for (long seed = 1; seed <= 200 && found.isEmpty(); seed++) {
            try {
                new Simulation(seed, defect).run();
            } catch (AssertionError e) {
                found.add(e.getMessage());
            } catch (PortException e) {
                throw new AssertionError(e);
            }
        }
        assertFalse(found.isEmpty(), "nothing was found in 200 runs");
        assertTrue(found.get(0).contains("sector"), found.get(0));
    }

    @Test
    void aSeedRepeatsItself() throws PortException {
        for (long seed = 1; seed <= 20; seed++) {
            Simulation first = new Simulation(seed, Defect.NONE);
            first.run();
            Simulation second = new Simulation(seed, Defect.NONE);
            second.run();
            assertEquals(first.answers(), second.answers());
            assertEquals(first.nowNs(), second.nowNs());
        }
    }
}
