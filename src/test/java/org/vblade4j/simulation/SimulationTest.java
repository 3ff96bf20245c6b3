// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        Tally tally = new Tally();
        long succeeded = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Simulation simulation = new Simulation(seed, Defect.NONE);
            try {
                simulation.run();
            } catch (AssertionError | IOException | RuntimeException e) {
                throw new AssertionError("-Dvblade4j.simulation.seed=" + seed + ": " + e, e);
            }
            answers += simulation.answers();
            tally.add(simulation.tally());
            succeeded += simulation.succeeded();
        }
        reporter.publishEntry(
                "simulation",
                "%d seeds, %d answers checked, %d requests succeeded; %s"
                        .formatted(SEEDS, answers, succeeded, tally));
        assertTrue(succeeded > SEEDS * 15L, "requests succeeded: " + succeeded);
        for (Tally.Event event : Tally.Event.values()) {
            assertTrue(SEEDS < 1000 || tally.of(event) > 0, event + " never happened");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aDefectIsFound(Defect defect, TestReporter reporter) {
        String found = null;
        for (long seed = 1; seed <= defect.seeds && found == null; seed++) {
            try {
                new Simulation(seed, defect).run();
            } catch (AssertionError e) {
                found = "seed " + seed + ": " + e.getMessage();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        reporter.publishEntry(defect.name(), String.valueOf(found));
        assertNotNull(found, "nothing was found in " + defect.seeds + " runs");
        assertTrue(found.contains("sector"), found);
    }

    @Test
    void aSeedRepeatsItself() throws IOException {
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
