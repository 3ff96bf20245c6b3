// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestTest {
    record Row(String desc, String line, List<String> words) {
        @Override
        public String toString() {
            return desc;
        }
    }

    static Stream<Row> readable() {
        return Stream.of(
                new Row("a verb alone", "list", List.of("list")),
                new Row("blanks around and between", "  stop \t a  b ", List.of("stop", "a", "b")),
                new Row(
                        "single quotes keep blanks and backslashes",
                        "start-with x '-b 4 0 1 eth0 /dev/\\d'",
                        List.of("start-with", "x", "-b 4 0 1 eth0 /dev/\\d")),
                new Row(
                        "double quotes with escapes",
                        "a \"q\\\"b\\\\c\\nd\\te\\r\"",
                        List.of("a", "q\"b\\c\nd\te\r")),
                new Row("a dollar is a dollar", "a \"$x\"", List.of("a", "$x")),
                new Row("pieces make one word", "a'b c'\"d\"e\\ f", List.of("ab cde f")),
                new Row("an empty word", "a ''", List.of("a", "")));
    }

    @ParameterizedTest
    @MethodSource("readable")
    void lineIsSplitIntoWords(Row row) {
        Request request = Request.parse(row.line());
        assertEquals(row.words().get(0), request.verb());
        assertEquals(row.words().subList(1, row.words().size()), request.arguments());
    }

    static Stream<Row> broken() {
        return Stream.of(
                new Row("nothing", "", List.of("empty")),
                new Row("blanks only", " \t ", List.of("empty")),
                new Row("an open single quote", "a 'b", List.of("'")),
                new Row("an open double quote", "a \"b", List.of("\"")),
                new Row("an open escape", "a \"b\\", List.of("\"")),
                new Row("an unknown escape", "a \"\\x\"", List.of("\\x")),
                new Row("a backslash at the end", "a\\", List.of("backslash")));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void brokenLineIsRefusedWithItsReason(Row row) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Request.parse(row.line()))
                        .getMessage();
        assertTrue(message.contains(row.words().get(0)), message);
    }

    @Property
    void whatIsFormattedIsParsedBackAndIsOneLine(@ForAll("requests") Request request) {
        String line = request.format();
        assertTrue(line.indexOf('\n') < 0 && line.indexOf('\r') < 0, line);
        assertEquals(request, Request.parse(line));
    }

    @Provide
    Arbitrary<Request> requests() {
        Arbitrary<String> nasty = Arbitraries.strings().withChars(" \t\r\n'\"\\$a-/\u00e9\u2028");
        Arbitrary<String> word = Arbitraries.oneOf(nasty, Arbitraries.strings());
        return word.list().ofMinSize(1).map(w -> new Request(w.get(0), w.subList(1, w.size())));
    }
}
