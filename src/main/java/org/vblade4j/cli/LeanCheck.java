// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.control.Request;
import org.vblade4j.daemon.InstalledPaths;

/** The call among {@link LeanCall}s that can do without a supervisor. */
final class LeanCheck {
    private static final List<String> FILES =
            List.of(InstalledPaths.CONFD, InstalledPaths.SETTINGS);
    private static final String LINE = "check-line";

    private LeanCheck() {}

    /** What a supervisor is asked; null when the parser has to look at the words. */
    static Request request(List<String> words) {
        if (LeanCall.hasLine(words)) {
            return LeanCall.lineRequest(LINE, words);
        }
        return hasFiles(words)
                ? request(List.of(words.get(1), words.get(3)), words.subList(4, words.size()))
                : request(FILES, words);
    }

    private static Request request(List<String> files, List<String> words) {
        if (words.isEmpty()) {
            return new Request("check-system", files);
        }
        boolean filesOnly = words.size() == 1 && words.get(0).equals("--files-only");
        return filesOnly ? new Request("check-files", files) : null;
    }

    private static boolean hasFiles(List<String> words) {
        return words.size() >= 4
                && words.get(0).equals("--confd")
                && isPath(words.get(1))
                && words.get(2).equals("--settings")
                && isPath(words.get(3));
    }

    private static boolean isPath(String word) {
        return !word.isEmpty() && !word.startsWith("-");
    }

    static boolean is(Request request) {
        return request.verb().startsWith("check-");
    }

    /** Where no supervisor has these files. */
    static OptionalInt alone(Request request, Console console) {
        try {
            return OptionalInt.of(checked(request, console));
        } catch (ConfigException e) {
            console.complain("vblade4j", e.getMessage());
            return OptionalInt.of(ExitStatus.REFUSED.code());
        }
    }

    private static int checked(Request request, Console console) throws ConfigException {
        List<String> words = request.arguments();
        boolean line = request.verb().equals(LINE);
        List<String> files = line ? FILES : words;
        ConfigCheck check =
                new ConfigCheck(
                        new ConfigLoader(Path.of(files.get(0)), Path.of(files.get(1))), console);
        if (line) {
            return check.line(words.get(0), words.get(1));
        }
        boolean system = request.verb().equals("check-system");
        return check.all(system ? ConfigCheck.Scope.SYSTEM : ConfigCheck.Scope.FILES);
    }
}
