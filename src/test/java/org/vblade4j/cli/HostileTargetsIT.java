// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;

/**
 * The tools, with the heap that the launcher gives them, against a station that pretends to be more
 * targets than anybody has, with config strings that command a terminal.
 */
@Tag("live")
@Timeout(300)
@ExtendWith(PrivateNetworkExtension.class)
class HostileTargetsIT {
    private static final String HARMFUL = "\u001b]0;owned\u0007\u009b2J\u007f\n\u0085\\";

    /** What the rest of a program takes, on processors that have other things to do. */
    private static final double SLACK_S = 25;

    @TempDir Path directory;
    private Launched bin;

    @BeforeEach
    void connect(PrivateNetwork network) throws Exception {
        network.veth("target0", 0x0200_0000_0010L, "client0", 0x0200_0000_0020L, 1500);
        bin = new Launched(directory);
    }

    @AfterEach
    void killWhatIsLeft() {
        bin.close();
    }

    private static byte[] string(int bytes) {
        byte[] filled = new byte[bytes];
        Arrays.fill(filled, (byte) 'x');
        byte[] harmful = HARMFUL.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(harmful, 0, filled, 0, harmful.length);
        return filled;
    }

    private Cli.Result within(double seconds, String... words) throws Exception {
        long startNs = System.nanoTime();
        Cli.Result result = bin.run("aoe", words);
        double took = (System.nanoTime() - startNs) / (double) TimeUnit.SECONDS.toNanos(1);
        assertTrue(took < seconds + SLACK_S, took + " s");
        for (String text : new String[] {result.out(), result.err()}) {
            assertFalse(text.chars().anyMatch(c -> c != '\n' && (c < ' ' || c > '~')), words[0]);
        }
        return result;
    }

    /** More addresses than are kept, with the longest strings. */
    @ParameterizedTest
    @ValueSource(ints = {24, 1024})
    void discoverEndsInTimeAndSaysWhatItLeftOut(int bytes) throws Exception {
        try (FalseTargets many = new FalseTargets("target0", 400_000, string(bytes))) {
            for (String json : new String[] {"--json", ""}) {
                String[] words = {"discover", "-i", "client0", "--timeout", "5", json};
                Cli.Result result =
                        within(
                                5,
                                Arrays.stream(words)
                                        .filter(w -> !w.isEmpty())
                                        .toArray(String[]::new));
                assertEquals(0, result.status(), result.err());
                long lines = result.out().lines().count();
                assertTrue(lines > 1000 && lines <= 16_384, lines + " lines");
                assertTrue(
                        result.err().startsWith("aoe: more targets answer than are kept: "),
                        result.err());
            }
            assertTrue(many.sent() > 50_000, many.sent() + " answers");
        }
    }

    @Test
    void statAsksAllAtOnceAndFindsTheOneThatAnswers() throws Exception {
        try (FalseTargets many = new FalseTargets("target0", 10_000, string(24))) {
            Cli.Result result = within(4, "stat", "-i", "client0", "--timeout", "2");
            assertEquals(0, result.status(), result.err());
            assertTrue(result.out().contains("e0.0"), "e0.0");
            String real =
                    result.out().lines().filter(line -> line.contains(" e0.0 ")).findFirst().get();
            assertTrue(real.contains("0.001GB") && real.contains("up"), real);
            assertTrue(result.out().lines().count() > 5000, "the others are down");
            assertTrue(many.sent() >= 10_000, many.sent() + " answers");
        }
    }

    /** What cat, dd, verify, nbd and bench do first: everybody else's answers do not matter. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cat --timeout 5",
                "verify --timeout 5 --length 512",
                "identify",
                "reserve show",
                "ping -c 1"
            })
    void whoAsksForOneAddressIsNotKeptByOthers(String command) throws Exception {
        try (FalseTargets many = new FalseTargets("target0", 400_000, string(24))) {
            within(30, (command + " -i client0 e0.0").split(" "));
            assertTrue(many.sent() > 0, "nobody was asked");
        }
    }
}
