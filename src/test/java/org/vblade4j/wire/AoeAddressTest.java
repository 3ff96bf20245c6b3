// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AoeAddressTest {
    @ParameterizedTest
    @CsvSource({"e1.2, 1, 2", "0.0, 0, 0", "e65534.254, 65534, 254"})
    void addressesOfTargetsAreRead(String text, int shelf, int slot) {
        assertEquals(Optional.of(new AoeAddress(shelf, slot)), AoeAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "e1", "1.", ".1", "e65535.0", "e0.255", "e1.2.3", "E1.2", "e-1.0"})
    void wildcardsAndNonsenseAreNot(String text) {
        assertEquals(Optional.empty(), AoeAddress.parse(text));
    }

    @Test
    void wildcardsAreNobodysAddress() {
        for (int[] wrong : List.of(new int[] {65535, 0}, new int[] {0, 255}, new int[] {-1, 0})) {
            assertThrows(IllegalArgumentException.class, () -> new AoeAddress(wrong[0], wrong[1]));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "7, 3, true", "65535, 3, true", "7, 255, true", "65535, 255, true",
        "8, 3, false", "7, 4, false", "65535, 4, false", "8, 255, false"
    })
    void eachHalfMayBeAWildcardByItself(int major, int minor, boolean accepted) {
        assertEquals(accepted, new AoeAddress(7, 3).accepts(major, minor));
    }

    @Test
    void orderIsByNumberNotByText() {
        assertTrue(new AoeAddress(2, 0).compareTo(new AoeAddress(10, 0)) < 0);
        assertTrue(new AoeAddress(2, 10).compareTo(new AoeAddress(2, 9)) > 0);
        assertEquals("e2.10", new AoeAddress(2, 10).toString());
    }
}
