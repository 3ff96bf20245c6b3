// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

/** What is written of exports reads back as the same exports, with every option there is. */
class ExportsTextTest {
    private static final Origin ORIGIN = new Origin("f", 1);

    @Property(tries = 300)
    void whatIsWrittenReadsBackTheSame(@ForAll("exports") List<ExportSpec> exports)
            throws Exception {
        List<String> lines = ExportsText.lines(exports);
        List<ExportSpec> again = load(lines);
        assertEquals(exports.size(), again.size(), String.join("\n", lines));
        for (int i = 0; i < again.size(); i++) {
            assertEquals(place(exports.get(i)), place(again.get(i)));
            assertEquals(exports.get(i).options(), again.get(i).options());
            assertTrue(exports.get(i).sameAs(again.get(i)));
        }
    }

    private static String place(ExportSpec spec) {
        return String.join(
                " ",
                spec.name(),
                spec.address().toString(),
                spec.interfaceName(),
                spec.device().toString());
    }

    /** By the order of the names: a settings file has none. */
    private static List<ExportSpec> load(List<String> lines) throws Exception {
        boolean settings = lines.get(0).startsWith("#");
        Path empty = Files.createTempFile("exports", ".empty");
        Path file = Files.createTempFile("exports", ".dump");
        try {
            Files.write(file, lines);
            ConfigLoader loader =
                    settings ? new ConfigLoader(empty, file) : new ConfigLoader(file, empty);
            List<ExportSpec> found = new ArrayList<>(loader.load().exports());
            found.sort((one, other) -> one.name().compareTo(other.name()));
            return found;
        } finally {
            Files.delete(empty);
            Files.delete(file);
        }
    }

    /** A setting that is missing here would be lost to whoever keeps a dump as a backup. */
    @Test
    void everySettingOfAnExportIsWritten() {
        String text = String.join("\n", ExportsText.lines(List.of(protectedExport())));
        Config written =
                ConfigFactory.parseString(text)
                        .getConfig("vblade4j.exports.a")
                        .withoutPath("shelf")
                        .withoutPath("slot")
                        .withoutPath("interface")
                        .withoutPath("device");
        Config reference =
                ConfigFactory.parseReader(
                                new InputStreamReader(
                                        ExportsText.class.getResourceAsStream("/reference.conf"),
                                        StandardCharsets.UTF_8))
                        .getConfig("vblade4j.defaults")
                        .withoutPath("durability"); // what direct and synced say
        assertEquals(keys(reference), keys(written));
    }

    private static Set<String> keys(Config config) {
        return config.entrySet().stream()
                .map(entry -> entry.getKey())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ExportSpec protectedExport() {
        AccessOptions access = new AccessOptions(Set.of(Right.DISCOVER), Map.of(), Map.of());
        ExportOptions plain = ExportOptions.DEFAULTS;
        return new ExportSpec(
                "a",
                new AoeAddress(1, 2),
                "eth0",
                Path.of("/dev/a"),
                new ExportOptions(
                        64,
                        false,
                        false,
                        false,
                        List.of(),
                        0,
                        0,
                        plain.io(),
                        access,
                        plain.limits(),
                        plain.loss(),
                        plain.guard(),
                        plain.remote()),
                ORIGIN);
    }

    /** So that whoever has only what vblade has too still gets lines that vblade's scripts read. */
    @Test
    void whatConfdCanSayIsSaidThere() {
        ExportSpec plain =
                new ExportSpec(
                        "a",
                        new AoeAddress(1, 2),
                        "eth0",
                        Path.of("/dev/a"),
                        new ExportOptions(16, true, true, true, List.of(0x0200_0000_0001L), 8, 16),
                        ORIGIN);
        assertEquals(
                List.of(
                        "config_a=\"-b 16 -d -s -r -m 02:00:00:00:00:01 -o 8 -l 16 1 2 eth0"
                                + " /dev/a\""),
                ExportsText.lines(List.of(plain)));
        assertEquals(List.of(), ExportsText.lines(List.of()));
    }

    @Provide
    Arbitrary<List<ExportSpec>> exports() {
        return parts().list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(
                        all -> {
                            List<ExportSpec> specs = new ArrayList<>();
                            for (ExportSpec spec : all) {
                                int i = specs.size();
                                specs.add(
                                        new ExportSpec(
                                                i + spec.name(),
                                                new AoeAddress(i, spec.address().slot()),
                                                spec.interfaceName(),
                                                spec.device(),
                                                spec.options(),
                                                ORIGIN));
                            }
                            return specs;
                        });
    }

    private static Arbitrary<ExportSpec> parts() {
        Arbitrary<String> interfaces =
                Arbitraries.oneOf(
                        Arbitraries.of("true", "null", "1", "1e3", "include", "-", "10s"),
                        Arbitraries.strings()
                                .withCharRange('a', 'z')
                                .withChars("-.'\"\\$`#=0{}[],+?!@*&")
                                .ofMinLength(1)
                                .ofMaxLength(15)
                                .filter(name -> !name.equals(".") && !name.equals("..")));
        Arbitrary<Path> devices =
                Arbitraries.strings()
                        .withCharRange(' ', '~')
                        .withChars("\u00e4\u20ac")
                        .ofMaxLength(30)
                        .map(name -> Path.of("/" + name));
        Arbitrary<String> names =
                Arbitraries.strings().withCharRange('a', 'z').withChars("_9").ofMaxLength(5);
        return Combinators.combine(
                        names,
                        Arbitraries.integers().between(0, AoeAddress.MAX_SLOT),
                        interfaces,
                        devices,
                        Arbitraries.oneOf(options(), vbladeOptions()))
                .as(
                        (name, slot, netif, device, options) ->
                                new ExportSpec(
                                        name,
                                        new AoeAddress(0, slot),
                                        netif,
                                        device,
                                        options,
                                        ORIGIN));
    }

    private static Arbitrary<List<Long>> macs() {
        return Arbitraries.longs()
                .between(1, Mac.BROADCAST)
                .filter(Mac::isUnicast)
                .list()
                .uniqueElements()
                .ofMaxSize(3);
    }

    private static Arbitrary<ExportOptions> vbladeOptions() {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        Arbitrary<Long> sectors = Arbitraries.longs().between(0, ExportRules.MAX_SECTORS / 2);
        return Combinators.combine(
                        Arbitraries.integers().between(2, 65535),
                        flags,
                        flags,
                        flags,
                        macs(),
                        sectors,
                        sectors)
                .as(ExportOptions::new);
    }

    private static Arbitrary<ExportOptions> options() {
        return Combinators.combine(
                        vbladeOptions(), io(), access(), limits(), loss(), guard(), remote())
                .as(
                        (plain, io, access, limits, loss, guard, remote) ->
                                new ExportOptions(
                                        plain.bufferCount(),
                                        plain.direct(),
                                        plain.synced(),
                                        plain.readOnly(),
                                        plain.allowedMacs(),
                                        plain.offsetSectors(),
                                        plain.lengthSectors(),
                                        io,
                                        access,
                                        limits,
                                        loss,
                                        guard,
                                        remote));
    }

    private static Arbitrary<Duration> durations(Duration most) {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, most.toNanos()).map(Duration::ofNanos),
                Arbitraries.longs().between(0, most.toMillis()).map(Duration::ofMillis),
                Arbitraries.longs().between(0, most.toSeconds()).map(Duration::ofSeconds));
    }

    private static Arbitrary<IoOptions> io() {
        return Combinators.combine(
                        Arbitraries.of(IoOptions.Engine.class),
                        Arbitraries.integers().between(1, IoOptions.MAX_DEPTH),
                        Arbitraries.of(true, false),
                        durations(IoOptions.MAX_DELAY))
                .as(IoOptions::new);
    }

    private static Arbitrary<AccessOptions> access() {
        Arbitrary<Map<Right, List<Long>>> lists =
                Arbitraries.maps(Arbitraries.of(Right.class), macs());
        return Combinators.combine(Arbitraries.of(Right.class).set(), lists, lists)
                .as(AccessOptions::new);
    }

    private static Arbitrary<ClientLimits> limits() {
        Arbitrary<Integer> rates = Arbitraries.integers().between(0, ClientLimits.MAX_PER_SECOND);
        Arbitrary<Long> bytes = Arbitraries.longs().between(0, ClientLimits.MAX_BYTES_PER_SECOND);
        return Combinators.combine(rates, bytes, rates, bytes, rates).as(ClientLimits::new);
    }

    private static Arbitrary<BackendLoss> loss() {
        Arbitrary<BackendLoss.Answer> answers = Arbitraries.of(BackendLoss.Answer.class);
        Arbitrary<Duration> limits =
                Arbitraries.longs()
                        .between(
                                BackendLoss.SHORTEST_LIMIT.toMillis(),
                                BackendLoss.LONGEST_LIMIT.toMillis())
                        .map(Duration::ofMillis);
        return Combinators.combine(answers, answers, limits).as(BackendLoss::new);
    }

    private static Arbitrary<GuardOptions> guard() {
        Arbitrary<GuardOptions.Conflict> conflicts = Arbitraries.of(GuardOptions.Conflict.class);
        return Combinators.combine(
                        conflicts,
                        conflicts,
                        durations(Duration.ofSeconds(5)),
                        durations(Duration.ofHours(24)))
                .as(GuardOptions::new);
    }

    private static Arbitrary<RemoteOptions> remote() {
        Arbitrary<RemoteOptions.Policy> policies = Arbitraries.of(RemoteOptions.Policy.class);
        return Combinators.combine(
                        Arbitraries.of(true, false), policies, policies, policies, macs())
                .as(RemoteOptions::new);
    }
}
