// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.List;
import java.util.StringJoiner;

/** A configuration that cannot be used, with everything that is wrong with it, in file order. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(lines(problems));
        this.problems = List.copyOf(problems);
    }

    private static String lines(List<Problem> problems) {
        StringJoiner lines = new StringJoiner("\n");
        for (Problem problem : problems) {
            lines.add(problem.toString());
        }
        return lines.toString();
    }

    /** Never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
