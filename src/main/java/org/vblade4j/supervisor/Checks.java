// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Problem;
import org.vblade4j.config.SystemCheck;
import org.vblade4j.config.VbladeArgs;
import org.vblade4j.control.OperationException;

/**
 * Looks at configuration that nothing has been made of yet. Any thread: it may wait for a device,
 * and touches nothing of the supervisor's.
 */
final class Checks {
    private final ConfigSource source;

    Checks(ConfigSource source) {
        this.source = source;
    }

    List<Map<String, Object>> files(String confd, String settings) throws OperationException {
        Configuration found = load(confd, settings);
        return rows(found.warnings(), List.of(), found.exports().size());
    }

    List<Map<String, Object>> system(String confd, String settings) throws OperationException {
        Configuration found = load(confd, settings);
        return rows(
                found.warnings(), SystemCheck.problems(found.exports()), found.exports().size());
    }

    private Configuration load(String confd, String settings) throws OperationException {
        if (!source.reads(confd, settings)) {
            throw new OperationException(
                    OperationException.Kind.ELSEWHERE, "this supervisor has other files");
        }
        try {
            return source.load();
        } catch (ConfigException e) {
            throw refused(e);
        }
    }

    List<Map<String, Object>> line(String name, String line) throws OperationException {
        try {
            ExportSpec export = source.parse(name, line);
            return rows(VbladeArgs.warnings(export), SystemCheck.problems(export), 1);
        } catch (ConfigException e) {
            throw refused(e);
        }
    }

    private static List<Map<String, Object>> rows(
            List<Problem> warnings, List<Problem> problems, int exports) {
        List<Map<String, Object>> rows = new ArrayList<>();
        warnings.forEach(warning -> rows.add(Map.of("warning", warning.toString())));
        problems.forEach(problem -> rows.add(Map.of("problem", problem.toString())));
        rows.add(Map.of("exports", exports));
        return rows;
    }

    private static OperationException refused(ConfigException e) {
        return new OperationException(OperationException.Kind.REFUSED, e.getMessage());
    }
}
