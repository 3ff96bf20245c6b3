// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.vblade4j.testing.FuzzBytes;

/** Files that a fuzzer makes up, for what reads whole files and directories. */
public final class ConfigFilesFuzz {
    private final Path scratch;

    private ConfigFilesFuzz(Path scratch) {
        this.scratch = scratch;
    }

    /** Called by the fuzzer: the first byte chooses whose files they are. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length == 0) {
            return;
        }
        Path scratch = Files.createTempDirectory("fuzz");
        ConfigFilesFuzz fuzz = new ConfigFilesFuzz(scratch);
        byte[] rest = Arrays.copyOfRange(data, 1, data.length);
        try {
            switch (data[0]) {
                case 's' -> fuzz.anySettingsFileIsReadOrRefused(rest);
                case 't' -> fuzz.anyTwoFilesAreReadOrRefused(new FuzzBytes(rest));
                case 'd' -> fuzz.anyDebianFilesAreImportedOrRefused(new FuzzBytes(rest));
                case 'p' -> fuzz.anyServicesAreImportedOrRefused(new FuzzBytes(rest));
                default -> {}
            }
        } finally {
            delete(scratch);
        }
    }

    /** The settings file is all of the input; the conf.d file beside it holds two exports. */
    private void anySettingsFileIsReadOrRefused(byte[] data) throws IOException {
        Path confd = scratch.resolve("confd");
        Files.writeString(confd, "config_a='1 1 eth0 /dev/sda'\nconfig_b='1 2 eth0 /dev/sdb'\n");
        Path settings = scratch.resolve("settings");
        Files.write(settings, data);
        load(confd, settings);
    }

    /** Both files: the first behind its length in two bytes, the second the rest. */
    private void anyTwoFilesAreReadOrRefused(FuzzBytes input) throws IOException {
        Path confd = scratch.resolve("confd2");
        Files.write(confd, input.block());
        Path settings = scratch.resolve("settings2");
        Files.write(settings, input.block());
        load(confd, settings);
    }

    private static void load(Path confd, Path settings) {
        try {
            Configuration loaded = new ConfigLoader(confd, settings).load();
            Set<Object> names = new HashSet<>();
            Set<Object> places = new HashSet<>();
            for (ExportSpec spec : loaded.exports()) {
                assertTrue(names.add(spec.name()), "two exports of one name");
                assertTrue(places.add(spec.interfaceName() + spec.address()), "two at one place");
                assertTrue(spec.options().bufferCount() >= 2);
            }
        } catch (ConfigException e) {
            assertFalse(e.problems().isEmpty());
        }
    }

    /** Debian's files: names and contents, each behind its length. */
    private void anyDebianFilesAreImportedOrRefused(FuzzBytes input) throws IOException {
        Path directory = scratch;
        for (int i = 0; i < 4 && input.hasMore(); i++) {
            write(directory, input.text() + ".conf", input.block());
        }
        check(DebianExports.read(directory));
    }

    /** vblade-persist's directories: a name, then four files of {@code env} and one station. */
    private void anyServicesAreImportedOrRefused(FuzzBytes input) throws IOException {
        Path directory = scratch;
        for (int i = 0; i < 3 && input.hasMore(); i++) {
            Path service = directory.resolve("e" + i + ".1");
            Files.createDirectories(service.resolve("env"));
            Files.createDirectories(service.resolve("macs"));
            for (String name : List.of("SHELF", "SLOT", "NETIF", "SOURCE")) {
                write(service.resolve("env"), name, input.block());
            }
            write(service.resolve("macs"), input.text(), new byte[0]);
        }
        check(PersistExports.read(directory));
    }

    private static void check(ImportedExports imported) {
        Set<String> names = new HashSet<>();
        for (ExportSpec spec : imported.exports()) {
            assertTrue(spec.name().matches("[A-Za-z_][A-Za-z0-9_]*"), spec.name());
            assertTrue(names.add(spec.name()), "two exports of one name");
            assertTrue(spec.device().isAbsolute());
            String line = VbladeArgs.toAssignment(spec);
            assertEquals(List.of(), ConfdParser.parse("fuzz", line).problems(), line);
        }
        imported.problems().forEach(problem -> assertFalse(problem.message().isEmpty()));
    }

    /** Leaves out what is no file's name. */
    private static void write(Path directory, String name, byte[] content) throws IOException {
        boolean usable =
                !name.isEmpty()
                        && name.length() < 60
                        && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/')
                        && !name.equals(".")
                        && !name.equals("..");
        if (usable) {
            Files.write(directory.resolve(name), content);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> below;
        try (var walk = Files.walk(directory)) {
            below = walk.sorted((a, b) -> b.compareTo(a)).toList();
        }
        for (Path path : below) {
            Files.delete(path);
        }
    }
}
