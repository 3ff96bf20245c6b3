// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** bin/vblade4j and its links, under every shell that may be /bin/sh. */
class LauncherTest {
    @TempDir Path root;

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void argumentsReachJavaUnchanged(String shell) throws Exception {
        LauncherFixture fixture = built(shell);
        String[] words = {"-m", "a b", "$(id)", "*", "", "'\"\\", "line\nbreak"};

        LauncherFixture.Outcome outcome = fixture.run(fixture.bin("vblade"), Map.of(), words);

        assertEquals(0, outcome.status(), outcome.err());
        String expected =
                "<org.vblade4j.cli.Main>\n<vblade>\n<" + String.join(">\n<", words) + ">\n";
        assertTrue(outcome.out().endsWith(expected), outcome.out());
        String classPath =
                fixture.checkout + "/target/vblade4j.jar:" + fixture.checkout + "/target/lib/*";
        assertTrue(outcome.out().contains("<-cp>\n<" + classPath + ">\n"), outcome.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void theNameItIsCalledByIsTheProgramThroughAnyLinks(String shell) throws Exception {
        LauncherFixture fixture = built(shell);
        Path elsewhere = Files.createDirectories(root.resolve("some where/else"));
        Path named = elsewhere.resolve("aoe");
        Path relative = elsewhere.resolve("my disk");
        Files.createSymbolicLink(named, fixture.bin("vblade4j"));
        Files.createSymbolicLink(relative, Path.of("../../a check out/bin/vblade"));

        assertEquals("aoe", programOf(fixture, named));
        assertEquals("vblade", programOf(fixture, relative));
        assertEquals("vblade4j", programOf(fixture, fixture.bin("vblade4j")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void javaIsLookedForInTheDocumentedOrder(String shell) throws Exception {
        LauncherFixture fixture = new LauncherFixture(shell, root);
        fixture.build();
        List<String> homes =
                List.of(
                        "usr/lib/jvm/default-java",
                        "usr/lib/jvm/default-runtime",
                        "etc/java-config-2/current-system-vm",
                        "chosen by JAVA_HOME",
                        "chosen by VBLADE_JAVA_HOME");
        Map<String, String> environment =
                Map.of(
                        "JAVA_HOME", root + "/chosen by JAVA_HOME",
                        "VBLADE_JAVA_HOME", root + "/chosen by VBLADE_JAVA_HOME");
        fixture.java("path/jdk", "21", "echo path");
        Files.createSymbolicLink(root.resolve("tools/java"), root.resolve("path/jdk/bin/java"));
        assertEquals("path\n", fixture.run(fixture.bin("aoe"), Map.of()).out());

        for (String home : homes) {
            fixture.java(home, "17.0.15", "echo '" + home + "'");
            boolean explicit = home.contains("VBLADE");
            Map<String, String> given =
                    explicit ? environment : Map.of("JAVA_HOME", environment.get("JAVA_HOME"));
            assertEquals(home + "\n", fixture.run(fixture.bin("aoe"), given).out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void anOldJavaIsPassedOverAndNamedWhenThereIsNoOther(String shell) throws Exception {
        LauncherFixture fixture = new LauncherFixture(shell, root);
        fixture.build();
        fixture.java("old", "1.8.0_292", "echo too old");
        fixture.tool("java", "echo unknown age");
        Map<String, String> environment = Map.of("JAVA_HOME", root + "/old");
        assertEquals("unknown age\n", fixture.run(fixture.bin("aoe"), environment).out());

        Map<String, String> only = Map.of("VBLADE_JAVA_HOME", root + "/old");
        LauncherFixture.Outcome outcome = fixture.run(fixture.bin("aoe"), only);
        assertEquals(1, outcome.status());
        assertEquals(
                String.format(
                        "aoe: VBLADE_JAVA_HOME=%s/old is no Java 17 or newer; %s/old is 1.8.0_292%n",
                        root, root),
                outcome.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void withoutAnyJavaItSaysWhatToDo(String shell) throws Exception {
        LauncherFixture fixture = new LauncherFixture(shell, root);
        fixture.build();
        // What the launcher runs besides shell built-ins, and no java.
        fixture.tool("readlink", "exec /usr/bin/readlink \"$@\"");
        Map<String, String> environment = Map.of("PATH", root + "/tools");

        LauncherFixture.Outcome outcome = fixture.run(fixture.bin("vblade"), environment);

        assertEquals(1, outcome.status());
        assertEquals(
                "vblade: no Java 17 or newer found: install one, or set VBLADE_JAVA_HOME\n",
                outcome.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void aCheckoutThatIsNotBuiltSaysHowToBuildIt(String shell) throws Exception {
        LauncherFixture fixture = new LauncherFixture(shell, root);
        LauncherFixture.write(root.resolve("usr/share/vblade4j/lib/vblade4j.jar"), "");

        LauncherFixture.Outcome outcome = fixture.run(fixture.bin("vblade4j"), Map.of(), "import");

        assertEquals(1, outcome.status());
        assertTrue(outcome.err().contains("not built yet: run ./quickstart or mvn package"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void installedItFindsItsJarsBelowSharesOrWhereItIsTold(String shell) throws Exception {
        LauncherFixture fixture = new LauncherFixture(shell, root);
        fixture.java("usr/lib/jvm/default-java", "25", LauncherFixture.SHOW);
        Files.delete(fixture.checkout.resolve("pom.xml"));
        for (String home : List.of("usr/share/java/vblade4j", "usr/share/vblade4j/lib")) {
            LauncherFixture.write(root.resolve(home + "/vblade4j.jar"), "");
            String classPath = root + "/" + home + "/vblade4j.jar:" + root + "/" + home + "/*";
            String out = fixture.run(fixture.bin("vblade4j"), Map.of()).out();
            assertTrue(out.contains("<" + classPath + ">"), out);
        }
        LauncherFixture.write(root.resolve("my own/vblade4j.jar"), "");
        String out =
                fixture.run(fixture.bin("aoe"), Map.of("VBLADE4J_HOME", root + "/my own")).out();
        assertTrue(out.contains("<" + root + "/my own/vblade4j.jar:"), out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void theSupervisorGetsAHeapForManyExportsAndACallAQuickStart(String shell) throws Exception {
        LauncherFixture fixture = built(shell);
        Map<String, String> more = Map.of("VBLADE4J_JAVA_OPTS", "-Xmx512m -Dx=*");
        String supervise =
                fixture.run(fixture.bin("vblade4j"), more, "--socket", "s", "supervise").out();
        String status = fixture.run(fixture.bin("vblade4j"), Map.of(), "status", "--json").out();

        assertTrue(supervise.contains("<-Xmx256m>"), supervise);
        assertTrue(supervise.contains("<-Xmx512m>\n<-Dx=*>\n"), supervise);
        assertFalse(supervise.contains("TieredStopAtLevel"), supervise);
        assertTrue(status.contains("<-XX:TieredStopAtLevel=1>"), status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void aCheckHasTheArchiveOfItsJavaWhereThereIsOne(String shell) throws Exception {
        LauncherFixture fixture = built(shell);
        LauncherFixture.write(fixture.archives().resolve("17.0.1.jsa"), "");
        String without = fixture.run(fixture.bin("vblade4j"), Map.of(), "checkconfig").out();
        assertFalse(without.contains("Archive"), without);
        assertFalse(without.contains("native-access"), without);

        Path archive = fixture.archives().resolve("17.jsa");
        LauncherFixture.write(archive, "");
        for (String words : List.of("checkconfig", "--socket s checkconfig --files-only")) {
            String out = fixture.run(fixture.bin("vblade4j"), Map.of(), words.split(" ")).out();
            assertTrue(out.contains("<-XX:SharedArchiveFile=" + archive + ">\n"), out);
        }
        String status = fixture.run(fixture.bin("vblade4j"), Map.of(), "status").out();
        assertFalse(status.contains("Archive"), status);
        fixture.tool("java", LauncherFixture.SHOW);
        Files.delete(root.resolve("usr/lib/jvm/default-java/bin/java"));
        String unknown = fixture.run(fixture.bin("vblade4j"), Map.of(), "checkconfig").out();
        assertFalse(unknown.contains("Archive"), unknown);
    }

    private LauncherFixture built(String shell) throws IOException {
        LauncherFixture fixture = new LauncherFixture(shell, root);
        fixture.build();
        fixture.java("usr/lib/jvm/default-java", "17", LauncherFixture.SHOW);
        return fixture;
    }

    private static String programOf(LauncherFixture fixture, Path program) throws Exception {
        LauncherFixture.Outcome outcome = fixture.run(program, Map.of());
        assertEquals(0, outcome.status(), outcome.err());
        List<String> lines = outcome.out().lines().toList();
        return lines.get(lines.size() - 1).replaceAll("[<>]", "");
    }
}
