// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The exports of Debian's vblade package: {@code /etc/vblade.conf.d/INSTANCE.conf}, each a shell
 * fragment that sets {@code shelf}, {@code slot}, {@code netif} and {@code filename}, and may set
 * {@code options} and {@code ionice} (vblade-persistence(5)).
 */
public final class DebianExports {
    public static final Path DIRECTORY = Path.of("/etc/vblade.conf.d");

    private static final String SUFFIX = ".conf";

    private final ImportedExports.Builder found =
            new ImportedExports.Builder("shelf", "slot", "netif", "filename");

    private DebianExports() {}

    /**
     * Reads every {@code *.conf} of a directory, in the order of their names.
     *
     * @throws IOException when the directory cannot be read
     */
    public static ImportedExports read(Path directory) throws IOException {
        DebianExports exports = new DebianExports();
        for (Path file : listed(directory, "*" + SUFFIX)) {
            exports.readFile(file);
        }
        return exports.found.build();
    }

    /** The entries of a directory whose names match, sorted. */
    static List<Path> listed(Path directory, String glob) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(entries::add);
        }
        entries.sort(null);
        return entries;
    }

    private void readFile(Path file) {
        TextFile.Result read = TextFile.read(file, false);
        if (read.problem().isPresent()) {
            found.problems(List.of(read.problem().get()));
            return;
        }
        ConfdFile parsed = ConfdParser.parse(file.toString(), read.text().orElseThrow());
        if (!parsed.problems().isEmpty()) {
            found.problems(parsed.problems());
            return;
        }
        Map<String, String> values = new HashMap<>();
        for (ConfdFile.Assignment assignment : parsed.assignments()) {
            if (assignment.value().isEmpty()) {
                values.remove(assignment.name());
            } else {
                values.put(assignment.name(), assignment.value());
            }
        }
        Origin origin = new Origin(file.toString(), 0);
        if (values.containsKey("ionice")) {
            found.warning(origin, "ionice is not taken over: one process serves all exports");
        }
        String name = file.getFileName().toString();
        name = name.substring(0, name.length() - SUFFIX.length());
        try {
            List<String> options = ConfigWords.split(values.getOrDefault("options", ""));
            found.add(name, origin, values, options);
        } catch (IllegalArgumentException e) {
            found.problem(origin, "options: " + e.getMessage());
        }
    }
}
