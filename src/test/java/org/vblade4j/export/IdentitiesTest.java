// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.wire.AoeAddress;

class IdentitiesTest {
    private static final ExportSpec SPEC = spec("a", 1, "eth0", "/dev/sdb", ExportOptions.DEFAULTS);

    private static ExportSpec spec(
            String name, int slot, String link, String device, ExportOptions options) {
        return new ExportSpec(
                name,
                new AoeAddress(0, slot),
                link,
                Path.of(device),
                options,
                new Origin("test", slot));
    }

    private static ExportOptions window(long offset, long length) {
        return new ExportOptions(64, false, false, false, List.of(), offset, length);
    }

    @Test
    void identityIsFixedForEver() {
        DiskIdentity identity = Identities.of(SPEC);
        assertEquals("VB4JF2D04378F00215E9", identity.serial());
        assertEquals(3, identity.wwn() >>> 60);
        assertTrue(identity.serial().length() <= DiskIdentity.MAX_SERIAL_CHARS);
    }

    record Row(String desc, ExportSpec spec) {
        @Override
        public String toString() {
            return desc;
        }
    }

    static Stream<Row> same() {
        ExportOptions flags = new ExportOptions(9, true, true, true, List.of(5L), 0, 0);
        return Stream.of(
                new Row("name", spec("z", 1, "eth0", "/dev/sdb", ExportOptions.DEFAULTS)),
                new Row("interface", spec("a", 1, "eth1", "/dev/sdb", ExportOptions.DEFAULTS)),
                new Row(
                        "spelling",
                        spec("a", 1, "eth0", "/dev/./x/../sdb", ExportOptions.DEFAULTS)),
                new Row("flags", spec("a", 1, "eth0", "/dev/sdb", flags)));
    }

    @ParameterizedTest
    @MethodSource("same")
    void identityDoesNotDependOn(Row row) {
        assertEquals(Identities.of(SPEC), Identities.of(row.spec()));
    }

    static Stream<Row> other() {
        return Stream.of(
                new Row("address", spec("a", 2, "eth0", "/dev/sdb", ExportOptions.DEFAULTS)),
                new Row("device", spec("a", 1, "eth0", "/dev/sdc", ExportOptions.DEFAULTS)),
                new Row("offset", spec("a", 1, "eth0", "/dev/sdb", window(1, 0))),
                new Row("length", spec("a", 1, "eth0", "/dev/sdb", window(0, 1))));
    }

    @ParameterizedTest
    @MethodSource("other")
    void identityDependsOn(Row row) {
        assertNotEquals(Identities.of(SPEC).serial(), Identities.of(row.spec()).serial());
        assertNotEquals(Identities.of(SPEC).wwn(), Identities.of(row.spec()).wwn());
    }
}
