// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

/** Writing a line and reading it again changes nothing. */
final class VbladeArgsProperties {
    private static final Origin ORIGIN = new Origin("f", 1);

    @Property
    void aWrittenLineReadsBackTheSame(@ForAll("specs") ExportSpec spec) throws ConfigException {
        ExportSpec again =
                VbladeArgs.parseLine("a", VbladeArgs.toLine(spec), ExportOptions.DEFAULTS, ORIGIN);
        assertEquals(spec, again);
    }

    @Property
    void aWrittenAssignmentReadsBackTheSame(@ForAll("specs") ExportSpec spec)
            throws ConfigException {
        ConfdFile file = ConfdParser.parse("f", VbladeArgs.toAssignment(spec) + "\n");
        assertEquals(List.of(), file.problems());
        ConfdFile.Assignment assignment = file.assignments().get(0);
        ExportSpec again =
                VbladeArgs.parseLine(
                        assignment.exportName(),
                        assignment.value(),
                        ExportOptions.DEFAULTS,
                        ORIGIN);
        assertTrue(spec.sameAs(again));
    }

    @Provide
    Arbitrary<ExportSpec> specs() {
        Arbitrary<AoeAddress> addresses =
                Combinators.combine(
                                Arbitraries.integers().between(0, AoeAddress.MAX_SHELF),
                                Arbitraries.integers().between(0, AoeAddress.MAX_SLOT))
                        .as(AoeAddress::new);
        Arbitrary<String> interfaces =
                Arbitraries.strings()
                        .withCharRange('a', 'z')
                        .withChars("-.'\"\\$`#=0")
                        .ofMinLength(1)
                        .ofMaxLength(15)
                        .filter(name -> !name.equals(".") && !name.equals(".."));
        Arbitrary<Path> devices =
                Arbitraries.strings()
                        .withCharRange(' ', '~')
                        .ofMaxLength(30)
                        .map(name -> Path.of("/" + name));
        return Combinators.combine(addresses, interfaces, devices, options())
                .as(
                        (address, netif, device, options) ->
                                new ExportSpec("a", address, netif, device, options, ORIGIN));
    }

    private static Arbitrary<ExportOptions> options() {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        Arbitrary<Long> sectors = Arbitraries.longs().between(0, ExportRules.MAX_SECTORS / 2);
        Arbitrary<List<Long>> macs =
                Arbitraries.longs()
                        .between(1, Mac.BROADCAST)
                        .filter(Mac::isUnicast)
                        .list()
                        .uniqueElements()
                        .ofMaxSize(4);
        return Combinators.combine(
                        Arbitraries.integers().between(2, 65535),
                        flags,
                        flags,
                        flags,
                        macs,
                        sectors,
                        sectors)
                .as(ExportOptions::new);
    }
}
