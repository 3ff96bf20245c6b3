// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;

/** What of the frames that an export refuses goes to the log, and how often. */
@Timeout(30)
class RefusalLogTest {
    private static final String MASKED =
            ": frames from a station that the MAC mask excludes (masked_drops)";

    /** What an operator should look at. A new counter belongs here, below, or to the traffic. */
    private static final List<String> WARNED =
            List.of(
                    "kernel_drops",
                    "mailbox_drops",
                    "send_drops",
                    "slot_drops",
                    "vlan_drops",
                    "late_drops",
                    "truncated_drops",
                    "runt_drops",
                    "source_drops",
                    "vendor_drops",
                    "wildcard_drops",
                    "masked_drops",
                    "access_drops",
                    "fair_drops",
                    "rate_drops",
                    "malformed_drops",
                    "stalled_drops",
                    "access_refusals",
                    "change_drops",
                    "changes_refused",
                    "flag_mismatches",
                    "protocol_errors",
                    "ata_errors",
                    "store_errors");

    /** What other targets and initiators on the network bring about. */
    private static final List<String> MENTIONED =
            List.of(
                    "other_host_drops",
                    "foreign_drops",
                    "response_drops",
                    "config_mismatch_drops",
                    "duplicate_drops");

    @TempDir Path directory;
    private final Logger logger = Logger.getLogger(RefusalLog.class.getName());
    private final List<String> lines = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void listen() throws Exception {
        Filter collect =
                logged -> {
                    lines.add(logged.getLevel() + " " + logged.getMessage());
                    return false;
                };
        logger.setFilter(collect);
        rig = new Rig(directory, new FakeSource().with("a", "0.1 /dev/a").with("b", "0.2 /dev/b"));
        rig.supervisor.takeUp();
        rig.supervisor.logRefusals();
    }

    @AfterEach
    void close() {
        logger.setFilter(null);
        rig.close();
    }

    private Counters counters(String name) {
        return rig.exports.live(name).counters;
    }

    private void refuseEachSecond(Counter counter, int seconds) {
        for (int i = 0; i < seconds; i++) {
            counters("a").increment(counter);
            rig.clock.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void theBeginIsToldWithinASecondAndTheEndAfterAMinuteOfSilence() {
        counters("a").add(Counter.MASKED_DROPS, 3);
        rig.clock.advance(Duration.ofSeconds(1));
        assertEquals(List.of("WARNING a: refused 3" + MASKED), lines);

        rig.clock.advance(Duration.ofSeconds(30));
        counters("a").add(Counter.MASKED_DROPS, 2);
        rig.clock.advance(Duration.ofSeconds(60));
        assertEquals(2, lines.size(), lines.toString());
        assertEquals("WARNING a: refused 2 more in 60 s" + MASKED, lines.get(1));
        rig.clock.advance(Duration.ofSeconds(1));
        assertEquals("WARNING a: refused 5 in all; none for 60 s" + MASKED, lines.get(2));

        rig.clock.advance(Duration.ofHours(5));
        assertEquals(3, lines.size(), lines.toString());
        counters("a").add(Counter.MASKED_DROPS, 1);
        rig.clock.advance(Duration.ofSeconds(1));
        assertEquals("WARNING a: refused 1" + MASKED, lines.get(3));
    }

    @Test
    void aFloodIsSummedUpAtIntervalsThatGrow() {
        refuseEachSecond(Counter.MALFORMED_DROPS, 24 * 3600);

        assertTrue(lines.get(1).contains("refused 60 more in 60 s"), lines.get(1));
        assertTrue(lines.get(2).contains("refused 120 more in 120 s"), lines.get(2));
        assertTrue(lines.size() < 35, lines.size() + " lines a day");
        assertTrue(lines.get(lines.size() - 1).contains("refused 3600 more in 3600 s"));
    }

    @Test
    void everyClassOfEveryExportHasItsOwnLine() {
        for (String name : List.of("a", "b")) {
            for (Counter counter : Counter.values()) {
                counters(name).increment(counter);
            }
        }
        rig.clock.advance(Duration.ofSeconds(1));

        List<String> told = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split("[ :()]+");
            told.add(words[0] + " " + words[1] + " " + words[words.length - 1]);
        }
        List<String> wanted = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            WARNED.forEach(label -> wanted.add("WARNING " + name + " " + label));
            MENTIONED.forEach(label -> wanted.add("INFO " + name + " " + label));
        }
        Collections.sort(wanted);
        Collections.sort(told);
        assertEquals(wanted, told);
    }

    @Test
    void aStationThatIsDeniedIsTold() {
        counters("a").increment(Counter.ACCESS_REFUSALS);
        counters("b").increment(Counter.CHANGES_REFUSED);
        rig.clock.advance(Duration.ofSeconds(1));
        assertEquals(
                List.of(
                        "WARNING a: refused 1: requests refused for want of the right to read or"
                                + " write or change (access_refusals)",
                        "WARNING b: refused 1: changes that the policy does not allow"
                                + " (changes_refused)"),
                lines);
    }

    @Test
    void whatANetworkWithOthersBringsIsNoWarning() {
        counters("a").increment(Counter.FOREIGN_DROPS);
        rig.clock.advance(Duration.ofSeconds(1));
        assertTrue(lines.get(0).startsWith("INFO a: refused 1: "), lines.get(0));
    }

    @Test
    void aRunThatCountsFromZeroAgainIsNotMistakenForTheOneBefore() throws Exception {
        counters("a").add(Counter.MASKED_DROPS, 7);
        rig.clock.advance(Duration.ofSeconds(1));
        rig.supervisor.restart(List.of("a"));
        counters("a").add(Counter.MASKED_DROPS, 4);
        rig.clock.advance(Duration.ofSeconds(121));

        assertEquals("WARNING a: refused 4 more in 60 s" + MASKED, lines.get(1));
        assertEquals("WARNING a: refused 11 in all; none for 60 s" + MASKED, lines.get(2));
    }
}
