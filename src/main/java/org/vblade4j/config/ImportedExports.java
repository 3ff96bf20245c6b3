// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Exports as another program's configuration describes them.
 *
 * @param exports in the order of their files' names
 * @param problems what could not be taken over and was meant to be served
 * @param warnings what was left out on purpose
 */
public record ImportedExports(
        List<ExportSpec> exports, List<Problem> problems, List<Problem> warnings) {
    public ImportedExports {
        exports = List.copyOf(exports);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** Collects exports that are each described by a few named values. */
    static final class Builder {
        /** In vblade's order. */
        private final List<String> operands;

        private final List<ExportSpec> exports = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private final List<Problem> warnings = new ArrayList<>();
        private final Map<String, Origin> names = new HashMap<>();

        Builder(String shelf, String slot, String netif, String filename) {
            operands = List.of(shelf, slot, netif, filename);
        }

        void problem(Origin origin, String message) {
            problems.add(new Problem(origin, message));
        }

        void problems(List<Problem> more) {
            problems.addAll(more);
        }

        void warning(Origin origin, String message) {
            warnings.add(new Problem(origin, message));
        }

        /**
         * Adds an export. One without a single operand is a template and left out in silence; one
         * that lacks some is left out as the original does, with a warning.
         *
         * @param source the name it had, which need not be an identifier
         * @param options words before the operands
         */
        void add(String source, Origin origin, Map<String, String> values, List<String> options) {
            Set<String> given = values.keySet();
            List<String> missing =
                    operands.stream().filter(operand -> !given.contains(operand)).toList();
            if (missing.size() == operands.size()) {
                return;
            }
            if (!missing.isEmpty()) {
                warning(origin, "no " + String.join(", ", missing) + "; left out");
                return;
            }
            List<String> words = new ArrayList<>(options);
            words.add("--");
            operands.forEach(operand -> words.add(values.get(operand)));
            String name = identifier(source);
            Origin other = names.putIfAbsent(name, origin);
            if (other != null) {
                problem(origin, "would be called " + name + ", as " + other + " is already");
                return;
            }
            try {
                exports.add(
                        new VbladeArgsReader(name, ExportOptions.DEFAULTS, origin, "", true)
                                .read(words));
            } catch (ConfigException e) {
                problems(e.problems());
            }
        }

        ImportedExports build() {
            return new ImportedExports(exports, problems, warnings);
        }

        private static String identifier(String source) {
            String name = source.replaceAll("[^A-Za-z0-9_]", "_");
            return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "_" + name : name;
        }
    }
}
