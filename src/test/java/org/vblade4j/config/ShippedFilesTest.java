// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files under etc/ say what the program does, also once their comments are removed. */
final class ShippedFilesTest {
    private static final Path ETC = Path.of(System.getProperty("vblade4j.basedir"), "etc");
    private static final Path CONFD = ETC.resolve("conf.d/vblade");
    private static final Path SETTINGS = ETC.resolve("vblade4j.conf");

    @TempDir private Path directory;

    /** Turns lines such as {@code #key = value} into settings, and leaves prose a comment. */
    private static String uncommented(String text) {
        return text.lines()
                .map(line -> line.replaceFirst("^( *)#(?![ #]|$)", "$1"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String reference() throws IOException {
        try (InputStream in = Reference.class.getResourceAsStream("/reference.conf")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void asShippedNothingIsServedAndNothingIsWrong() throws Exception {
        assertEquals(
                new Configuration(DaemonSettings.DEFAULTS, List.of(), List.of()),
                new ConfigLoader(CONFD, SETTINGS).load());
    }

    @Test
    void everyExampleIsValid() throws Exception {
        Path confd = directory.resolve("confd");
        Files.writeString(confd, uncommented(Files.readString(CONFD)));
        Path settings = directory.resolve("settings");
        Files.writeString(settings, uncommented(Files.readString(SETTINGS)));
        Configuration loaded = new ConfigLoader(confd, settings).load();
        assertEquals(
                List.of("vblade0", "foobar", "backup", "head", "tail", "disk1", "disk2"),
                loaded.exports().stream().map(ExportSpec::name).toList());
        assertEquals(Path.of("/srv/disks/last night.img"), loaded.exports().get(2).device());
        assertTrue(loaded.exports().get(0).options().readOnly());
        assertEquals(DaemonSettings.DEFAULTS, loaded.daemon());
        assertEquals(List.of(), loaded.warnings());
    }

    @Test
    void theClassicLineIsThereAsAComment() throws IOException {
        assertTrue(
                Files.readAllLines(CONFD).contains("#config_vblade0=\"0 0 eth0 /root/test.img\""));
    }

    @Test
    void theSettingsFileShowsEveryKeyOfTheReferenceWithItsDefaultAndNoOther() throws IOException {
        Config shown = ConfigFactory.parseString(uncommented(Files.readString(SETTINGS)));
        Config defaults = ConfigFactory.parseString(reference());
        assertEquals(
                defaults.root(),
                shown.withoutPath("vblade4j.overrides")
                        .withoutPath("vblade4j.exports")
                        .withoutPath("vblade4j.groups")
                        .withFallback(
                                ConfigFactory.parseString(
                                        "vblade4j { overrides {}, exports {}, groups {} }"))
                        .root());
    }

    @Test
    void theSettingsFileExplainsEveryKeyAsTheReferenceDoes() throws IOException {
        List<String> explained =
                Files.readAllLines(SETTINGS).stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith("# "))
                        .toList();
        List<String> missing =
                reference()
                        .lines()
                        .dropWhile(line -> !line.startsWith("vblade4j {"))
                        .map(String::strip)
                        .filter(line -> line.startsWith("# ") && !explained.contains(line))
                        .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void everyOptionIsExplainedInTheConfdFile() throws IOException {
        String text = Files.readString(CONFD);
        for (VbladeArgs.Option option : VbladeArgs.OPTIONS) {
            assertTrue(text.contains("\n#   -" + option.letter() + " "), () -> option.toString());
        }
    }
}
