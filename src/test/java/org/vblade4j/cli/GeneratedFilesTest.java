// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.cli.common.Console;
import picocli.CommandLine;

/**
 * The manual pages and completions that are checked in say what the programs say. To make them
 * anew: {@code mvn test -Dtest=GeneratedFilesTest -Dvblade4j.regenerate=true}.
 */
class GeneratedFilesTest {
    private static final boolean REGENERATE = Boolean.getBoolean("vblade4j.regenerate");
    private static final String COMMAND =
            "mvn test -Dtest=GeneratedFilesTest -Dvblade4j.regenerate=true";
    private static final Path PACKAGING =
            Path.of(System.getProperty("vblade4j.basedir"), "packaging");

    static Stream<CommandLine> programs() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Console console = new Console(nowhere, nowhere);
        return Stream.of(
                Programs.vblade4j(console),
                Programs.aoe(console),
                Programs.vblade("vblade", console),
                Programs.vblade("vbladed", console));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void theManualPageIsUpToDate(CommandLine program) throws Exception {
        String name = program.getCommandName();
        String template = Files.readString(PACKAGING.resolve("man/" + name + ".8.in"));

        check(PACKAGING.resolve("man/" + name + ".8"), new ManPage(program).fill(template));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void theCompletionIsUpToDate(CommandLine program) throws Exception {
        Path file = PACKAGING.resolve("completion/" + program.getCommandName() + ".bash");

        check(file, new Completion(program).script());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vblade4j.8",
                "vblade.8",
                "vbladed.8",
                "aoe.8",
                "vblade4j.conf.5",
                "vblade-confd.5"
            })
    void mandocHasNothingToSay(String page) throws Exception {
        assertEquals("", output("mandoc", "-T", "lint", "-W", "warning", "man/" + page));
    }

    @Test
    void theManualPageHasTheSettingsOfTheReferenceAndNoOthers() throws Exception {
        ConfigObject settings =
                ConfigFactory.parseResources("reference.conf").getObject("vblade4j");
        Map<String, Set<String>> expected = new TreeMap<>();
        settings.forEach(
                (section, value) ->
                        expected.put(
                                "vblade4j." + section,
                                new TreeSet<>(((ConfigObject) value).keySet())));

        assertEquals(expected, documented(PACKAGING.resolve("man/vblade4j.conf.5")));
    }

    /** The keys a page lists, by section. */
    private static Map<String, Set<String>> documented(Path page) throws IOException {
        Map<String, Set<String>> sections = new TreeMap<>();
        Set<String> keys = new TreeSet<>();
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith(".Ss ")) {
                keys = new TreeSet<>();
                sections.put(line.substring(4), keys);
            } else if (line.startsWith(".It Cm ")) {
                keys.add(line.substring(7));
            }
        }
        return sections;
    }

    @ParameterizedTest
    @ValueSource(strings = {"vblade4j", "vblade", "vbladed", "aoe"})
    void shellcheckHasNothingToSay(String program) throws Exception {
        assertEquals("", output("shellcheck", "completion/" + program + ".bash"));
    }

    private static void check(Path file, String expected) throws IOException {
        if (REGENERATE) {
            Files.writeString(file, expected);
        }
        assertEquals(expected, Files.readString(file), file + " is out of date; run " + COMMAND);
    }

    private static String output(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(PACKAGING.toFile())
                        .redirectErrorStream(true)
                        .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
