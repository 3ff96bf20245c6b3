// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.control.Json;

class PrintableTest {
    /** C0, DEL, C1, directions, what has no width, separators, a mark of byte order. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 7, 8, 9, 0xa, 0xd, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xad, 0x61c, 0x200b,
                0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d,
                0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xd800, 0xdbff, 0xdc00,
                0xdfff
            })
    void whatIsNoLetterIsShownAsItsNumber(int code) {
        String text = "a" + (char) code + "b";
        String shown = String.format("a\\u%04xb", code);
        assertEquals(shown, Printable.text(text));
        String json = Json.render(Map.of("k", text));
        assertFalse(json.indexOf(code) >= 0, "raw in JSON");
        assertEquals(text, ConfigFactory.parseString(json).getString("k"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain \\ \" text", "ä € 漢字", "\ud83d\ude00 pair"})
    void lettersStay(String text) {
        assertSame(text, Printable.text(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d\ud83d\ude00", "\ude00\ud83d"})
    void halvesOfPairsDoNot(String text) {
        assertFalse(Printable.text(text).equals(text));
    }

    @Property
    void nothingHarmfulIsLeft(@ForAll String text) {
        String shown = Printable.text(text);
        assertSame(shown, Printable.text(shown));
        assertEquals(shown.length(), shown.codePoints().map(Character::charCount).sum());
        shown.codePoints()
                .forEach(
                        c -> {
                            assertFalse(Character.isISOControl(c));
                            assertFalse(c < 0x10000 && Character.getType(c) == Character.FORMAT);
                        });
    }

    @Property
    void bytesAreAscii(@ForAll String text) {
        assertFalse(Printable.bytes(text).chars().anyMatch(c -> c < ' ' || c > '~'));
    }
}
