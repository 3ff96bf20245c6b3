// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class FrameTextTest {
    private record Row(String description, String hex, String text) {
        @Override
        public String toString() {
            return description;
        }
    }

    @SuppressWarnings("unused") // named by @FieldSource
    private static final List<Row> ROWS =
            List.of(
                    new Row("a runt", "ffff", "runt of 2 bytes"),
                    new Row(
                            "another protocol",
                            "ffffffffffff02000000000a08004500000000000000000000000000",
                            "02:00:00:00:00:0a > ff:ff:ff:ff:ff:ff ethertype=0800 bytes=28"),
                    new Row(
                            "a wildcard config query",
                            "ffffffffffff02000000000a88a21000ffffff01800000010000000000100000",
                            "02:00:00:00:00:0a > ff:ff:ff:ff:ff:ff e*.* request tag=80000001 config"
                                    + " read buffers=0 firmware=0000 sectors=0 length=0 string=\"\""
                                    + " bytes=32"),
                    new Row(
                            "control bytes and quotes in a config string",
                            "02000000000a02000000001488a21c04000101018000000100104019021300041b5b2241",
                            "02:00:00:00:00:14 > 02:00:00:00:00:0a e1.1 response tag=80000001"
                                    + " error=4 (config string present) config set buffers=16"
                                    + " firmware=4019 sectors=2 length=4 string=\"\\x1b[\\\"A\""
                                    + " bytes=36"),
                    new Row(
                            "an ATA read",
                            "02000000001402000000000a88a210000001010080000001400002240100000000000000",
                            "02:00:00:00:00:0a > 02:00:00:00:00:14 e1.1 request tag=80000001 ata"
                                    + " op=24 feature=00 flags=40 count=2 lba=1 data=0 bytes=36"),
                    new Row(
                            "an ATA frame without its arguments",
                            "02000000001402000000000a88a2200000010100800000014000",
                            "02:00:00:00:00:0a > 02:00:00:00:00:14 e1.1 request tag=80000001"
                                    + " version=2 ata cut short bytes=26"),
                    new Row(
                            "a reservation that claims more than it carries",
                            "ffffffffffff02000000000a88a210000001010380000001010902000000000a",
                            "02:00:00:00:00:0a > ff:ff:ff:ff:ff:ff e1.1 request tag=80000001"
                                    + " reserve set count=9 02:00:00:00:00:0a bytes=32"),
                    new Row(
                            "a mask edit",
                            "ffffffffffff02000000000a88a210000001010280000001000100010001020000000009",
                            "02:00:00:00:00:0a > ff:ff:ff:ff:ff:ff e1.1 request tag=80000001"
                                    + " mask edit mask-error=0 count=1 1:02:00:00:00:00:09 bytes=36"));

    @ParameterizedTest
    @FieldSource("ROWS")
    void printsOneLine(Row row) {
        ByteBuffer frame = GoldenFrames.frame(row.hex, 0);
        assertEquals(row.text, FrameText.of(frame, 0, frame.capacity()));
    }
}
