// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of /proc. Names in them are bytes of any kind, so nothing is refused as no UTF-8. */
final class ProcFile {
    private ProcFile() {}

    /** None when it cannot be read: no /proc, not all of it, or a process that is gone. */
    static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    /** Empty when it cannot be read. */
    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
