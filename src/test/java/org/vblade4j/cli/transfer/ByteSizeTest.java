// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 512",
        "8s, 4096",
        "512B, 512",
        "1k, 1024",
        "1K, 1024",
        "3M, 3145728",
        "2MiB, 2097152",
        "1G, 1073741824",
        "8388607T, 9223370937343148032",
    })
    void isReadAsAnOperatorWritesIt(String word, long bytes) {
        assertEquals(bytes, ByteSize.parse(word).bytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "1.5G", "1000B", "1Bi", "8sB", "1P", "9999999999999999T", "G"})
    void isRefusedWhenItMeansNothing(String word) {
        assertThrows(TypeConversionException.class, () -> ByteSize.parse(word));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1023, 1023 bytes",
        "1024, 1 KiB",
        "1536, 1.50 KiB",
        "268435456, 256 MiB",
        "12582912000, 11.7 GiB",
    })
    void isShownWithThreeDigits(long bytes, String text) {
        assertEquals(text, ByteSize.text(bytes));
    }
}
