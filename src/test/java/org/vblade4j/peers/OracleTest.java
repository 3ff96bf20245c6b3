// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.testing.PrivateNetwork;

/**
 * The C program vblade as an oracle: both targets start alike on cables of their own, get the same
 * frames, and must answer alike, byte for byte, apart from the differences that are intended.
 */
@Tag("live")
final class OracleTest {
    private static final int BUFFERS = 16;
    private static final int SEQUENCES = 8;

    @TempDir Path directory;

    @Test
    void answersAsVbladeDoesApartFromTheIntendedDifferences() throws Exception {
        OracleDifferences differences = OracleDifferences.load();
        List<String> failures = new ArrayList<>();
        List<OracleCase> cases = cases().toList();
        PrivateNetwork.call(
                network -> {
                    addCables(network);
                    for (OracleCase each : cases) {
                        failures.addAll(differencesIn(each, differences));
                    }
                    return null;
                });
        assertEquals("", String.join("\n", failures), "vblade | ours, not in the list");
        assertEquals(Set.of(), differences.unseen(), "differences that no longer exist");
    }

    /** Two frames from anyone, and the C program is gone: ours must not be. */
    @Test
    void survivesTheMaskEditsThatKillVblade() throws Exception {
        OracleCase crash =
                OracleCase.of("crash")
                        .then("add", Request.mask(1, 1, Request.CLIENT_MAC))
                        .then("delete", Request.mask(1, 2, Request.CLIENT_MAC));
        OracleImage image = OracleImage.create(directory.resolve("disk"), crash.sectors());
        PrivateNetwork.call(
                network -> {
                    addCables(network);
                    Contender.Export export = export(image, crash);
                    try (OriginalVblade theirs = new OriginalVblade("vb0", "vb1")) {
                        theirs.start(export);
                        theirs.announcement();
                        for (OracleCase.Step step : crash.steps()) {
                            theirs.send(step.frame());
                        }
                        assertNotEquals(-1, theirs.statusOfDeath(), "vblade was mended");
                    }
                    try (OurTarget ours = new OurTarget("vj0", "vj1")) {
                        ours.start(export);
                        ours.announcement();
                        for (OracleCase.Step step : crash.steps()) {
                            assertEquals(1, ours.exchange(step.frame()).size(), step.words());
                        }
                    }
                    return null;
                });
    }

    private static Stream<OracleCase> cases() {
        long seed = System.nanoTime();
        System.getLogger(OracleTest.class.getName())
                .log(System.Logger.Level.INFO, "random sequence of seed " + seed);
        return Stream.concat(
                OracleCases.all(),
                LongStream.concat(LongStream.range(0, SEQUENCES), LongStream.of(seed))
                        .mapToObj(OracleSequences::of));
    }

    private static void addCables(PrivateNetwork network) {
        network.veth("vb0", Request.TARGET_MAC, "vb1", Request.CLIENT_MAC, Contender.MTU_BYTES);
        network.veth("vj0", Request.TARGET_MAC, "vj1", Request.CLIENT_MAC, Contender.MTU_BYTES);
    }

    private List<String> differencesIn(OracleCase each, OracleDifferences differences)
            throws Exception {
        List<String> failures = new ArrayList<>();
        OracleImage theirImage = OracleImage.create(directory.resolve("theirs"), each.sectors());
        OracleImage ourImage = OracleImage.create(directory.resolve("ours"), each.sectors());
        try (Contender theirs = new OriginalVblade("vb0", "vb1");
                Contender ours = new OurTarget("vj0", "vj1")) {
            theirs.start(export(theirImage, each));
            ours.start(export(ourImage, each));
            String start = each.name() + "/start";
            differences
                    .compare(start, List.of(theirs.announcement()), List.of(ours.announcement()))
                    .ifPresent(text -> failures.add(start + " | " + text));
            for (OracleCase.Step step : each.steps()) {
                String name = each.name() + "/" + step.words();
                differences
                        .compare(name, theirs.exchange(step.frame()), ours.exchange(step.frame()))
                        .ifPresent(text -> failures.add(name + " | " + text));
            }
        }
        String image = each.name() + "/image";
        differences
                .compare(image, theirImage.contents(), ourImage.contents())
                .ifPresent(text -> failures.add(image + " | " + text));
        return failures;
    }

    private static Contender.Export export(OracleImage image, OracleCase each) {
        return new Contender.Export(image.path(), BUFFERS, each.readOnly());
    }
}
