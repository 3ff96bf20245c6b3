// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completions that are checked in, asked by bash itself. */
class CompletionTest {
    @TempDir Path directory;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "vblade4j, sta, start status",
        "vblade4j, --socket /x re, restart reload",
        "vblade4j, start v, vblade0",
        "vblade4j, stop vblade0 s, second",
        "vblade4j, start --l, --line",
        "vblade4j, start --line v, ''",
        "vblade4j, list --confd, ''",
        "vblade4j, supervise --confd FIXTURE/co, FIXTURE/confd",
        "aoe, dis, discover",
        "aoe, discover -i l, lo",
        "vblade, 1 2 l, lo",
        "vblade, -m l, ''",
        "vbladed, --v, --version",
    })
    void bashOffersWhatFits(String program, String typed, String offered) throws Exception {
        Path confd = directory.resolve("confd");
        Files.writeString(
                confd,
                "# config_old=\"\"\nconfig_vblade0=\"0 0 e d\"\n export config_second='1'\n");
        Path file =
                Path.of(System.getProperty("vblade4j.basedir"))
                        .resolve("packaging/completion/" + program + ".bash");
        Path script = directory.resolve("script");
        Files.writeString(
                script, Files.readString(file).replace("/etc/conf.d/vblade", confd.toString()));
        String ask =
                ". "
                        + script
                        + "; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _"
                        + program
                        + "; echo \"${COMPREPLY[*]}\"";
        String words = program + " " + typed.replace("FIXTURE", directory.toString());

        Process bash =
                new ProcessBuilder("bash", "-c", "set -- x " + words + "; " + ask)
                        .redirectErrorStream(true)
                        .start();

        assertEquals(
                offered.replace("FIXTURE", directory.toString()),
                new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    }
}
