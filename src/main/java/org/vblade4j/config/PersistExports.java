// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The exports of vblade-persist, which kept a runit service an export: {@code eSHELF.SLOT/env}
 * holds a file a value (chpst -e), {@code macs} an empty file a station, and {@code down} kept the
 * service from starting.
 */
public final class PersistExports {
    public static final Path DIRECTORY = Path.of("/var/lib/vblade-persist/vblades");

    private static final String ENVIRONMENT = "env";

    private final ImportedExports.Builder found =
            new ImportedExports.Builder("SHELF", "SLOT", "NETIF", "SOURCE");

    private PersistExports() {}

    /** True when a directory holds services and not Debian's files. */
    public static boolean isAt(Path directory) throws IOException {
        return DebianExports.listed(directory, "*").stream()
                .anyMatch(entry -> Files.isDirectory(entry.resolve(ENVIRONMENT)));
    }

    /**
     * Reads every service of a directory, in the order of their names.
     *
     * @throws IOException when the directory cannot be read
     */
    public static ImportedExports read(Path directory) throws IOException {
        PersistExports exports = new PersistExports();
        for (Path service : DebianExports.listed(directory, "*")) {
            if (Files.isDirectory(service.resolve(ENVIRONMENT))) {
                exports.readService(service);
            }
        }
        return exports.found.build();
    }

    private void readService(Path service) throws IOException {
        Origin origin = new Origin(service.toString(), 0);
        Map<String, String> values = new HashMap<>();
        for (Path file : DebianExports.listed(service.resolve(ENVIRONMENT), "*")) {
            TextFile.Result read = TextFile.read(file, false);
            if (read.problem().isPresent()) {
                found.problems(List.of(read.problem().get()));
                return;
            }
            String value = read.text().orElseThrow().lines().findFirst().orElse("").stripTrailing();
            if (!value.isEmpty()) {
                values.put(file.getFileName().toString(), value);
            }
        }
        if (Files.exists(service.resolve("down"))) {
            found.warning(origin, "was not started at boot (it has a file 'down')");
        }
        found.add(service.getFileName().toString(), origin, values, stations(service));
    }

    private static List<String> stations(Path service) throws IOException {
        Path directory = service.resolve("macs");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        String stations =
                DebianExports.listed(directory, "[0-9A-Fa-f]*").stream()
                        .map(file -> file.getFileName().toString())
                        .collect(Collectors.joining(","));
        return stations.isEmpty() ? List.of() : List.of("-m", stations);
    }
}
