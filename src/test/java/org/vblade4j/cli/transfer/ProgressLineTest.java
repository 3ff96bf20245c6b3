// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final long MIB = 1 << 20;
    private static final long SECOND_NS = 1_000_000_000;

    private final StringWriter text = new StringWriter();
    private final PrintWriter out = new PrintWriter(text);
    private long nowNs;

    private ProgressLine line(long total, Integer columns) {
        return new ProgressLine(
                out, "e1.1 -> x", 0, total, columns == null ? null : () -> columns, () -> nowNs);
    }

    @Test
    void aTerminalGetsABarThatIsDrawnAnewAndTakenAway() {
        ProgressLine line = line(100 * MIB, 80);
        nowNs += SECOND_NS;
        line.at(25 * MIB);
        String drawn = text.toString();
        assertTrue(drawn.startsWith("\r[#"), drawn);
        assertTrue(drawn.endsWith("]  25% 25 MiB of 100 MiB, 25 MiB/s, ETA 0:03\033[K"), drawn);
        assertEquals(79, drawn.length() - "\r\033[K".length());
        line.at(26 * MIB);
        assertEquals(drawn, text.toString(), "not more often than five times a second");
        line.end();
        assertEquals(drawn + "\r\033[K", text.toString());
    }

    @Test
    void aNarrowTerminalGetsWhatFits() {
        ProgressLine line = line(100 * MIB, 20);
        nowNs += SECOND_NS;
        line.at(25 * MIB);
        assertEquals("\r 25% 25 MiB of 100 \033[K", text.toString());
    }

    @Test
    void aFileGetsAPlainLineEveryTenSeconds() {
        ProgressLine line = line(100 * MIB, null);
        for (int i = 1; i <= 25; i++) {
            nowNs += SECOND_NS;
            line.at(i * MIB);
        }
        line.end();
        assertEquals(
                """
                e1.1 -> x:  10% 10 MiB of 100 MiB, 1 MiB/s, ETA 1:30
                e1.1 -> x:  20% 20 MiB of 100 MiB, 1 MiB/s, ETA 1:20
                """,
                text.toString());
    }

    @Test
    void nothingIsPrintedForShortWork() {
        ProgressLine line = line(MIB, null);
        line.at(MIB);
        line.end();
        assertEquals("", text.toString());
    }

    @Test
    void aStandstillHasNoEnd() {
        ProgressLine line = line(100 * MIB, null);
        nowNs += 10 * SECOND_NS;
        line.at(0);
        assertEquals("e1.1 -> x:   0% 0 bytes of 100 MiB, 0 bytes/s, ETA -:--\n", text.toString());
    }

    @Test
    void aStreamOfUnknownLengthShowsWhatHasPassed() {
        ProgressLine line = line(-1, null);
        nowNs += 10 * SECOND_NS;
        line.at(50 * MIB);
        assertEquals("e1.1 -> x: 50 MiB, 5 MiB/s\n", text.toString());
    }
}
