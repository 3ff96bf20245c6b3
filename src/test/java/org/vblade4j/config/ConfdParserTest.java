// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfdParserTest {
    static Stream<ConfdRefusals.Case> refusals() {
        return ConfdRefusals.CASES.stream();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatNeedsAShellIsRefusedWithFileAndLine(ConfdRefusals.Case bad) {
        ConfdFile file = ConfdParser.parse("f", bad.file());
        assertEquals(bad.problems(), file.problems().stream().map(Problem::toString).toList());
    }

    @Test
    void anAssignmentStandsOnTheLineOfItsName() {
        ConfdFile file = ConfdParser.parse("f", "# x\n\na='1\n2'\\\n3 b=4\nc=5\n");
        assertEquals(
                List.of(
                        new ConfdFile.Assignment("a", "1\n23", new Origin("f", 3)),
                        new ConfdFile.Assignment("b", "4", new Origin("f", 5)),
                        new ConfdFile.Assignment("c", "5", new Origin("f", 6))),
                file.assignments());
    }

    @Test
    void onlyConfigVariablesAreExports() {
        ConfdFile file = ConfdParser.parse("f", "config_x=1 rc_need=2 config_=3 Config_y=4\n");
        assertEquals(
                List.of(true, false, true, false),
                file.assignments().stream().map(ConfdFile.Assignment::isExport).toList());
        assertEquals("x", file.assignments().get(0).exportName());
        assertEquals("", file.assignments().get(2).exportName());
    }

    @Test
    void aVariableThatIsNotAssignedIsEmptyAndWarnedAbout() {
        ConfdFile file = ConfdParser.parse("f", "v=1\na=x${V}y\n");
        assertEquals("xy", file.assignments().get(1).value());
        assertEquals(
                List.of("f:2: a: '$V' is not assigned above and thus empty"),
                file.warnings().stream().map(Problem::toString).toList());
    }

    @Test
    void goodLinesAreReadDespiteBadOnes() {
        ConfdFile file = ConfdParser.parse("f", "a=1\nb=$(x)\nc='\nd=2\n");
        assertEquals(
                List.of("a", "d"),
                file.assignments().stream().map(ConfdFile.Assignment::name).toList());
        assertEquals(2, file.problems().size());
    }

    @Test
    void aValueThatDoublesItselfIsStopped() {
        String file = "a=xxxxxxxx\n" + "a=$a$a\n".repeat(60);
        assertEquals(
                List.of("f:15: a: the value is longer than expected, at most 65536 characters"),
                ConfdParser.parse("f", file).problems().stream().map(Problem::toString).toList());
    }

    @Test
    void aMegabyteOfMistakesTakesNoLongTime() {
        String file = "a=$(x)\nb='\n".repeat(100_000);
        assertTimeout(
                Duration.ofSeconds(10),
                () -> assertFalse(ConfdParser.parse("f", file).problems().isEmpty()));
    }
}
