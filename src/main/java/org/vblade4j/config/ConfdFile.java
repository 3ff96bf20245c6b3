// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.List;

/**
 * What a conf.d file says: its assignments in file order, fully expanded, and what is wrong with
 * it. Assignments that could not be read, or that use a variable that could not be read, are left
 * out, so that checking the rest does not report one mistake twice.
 *
 * @param problems in file order; the file is usable only when there are none
 * @param warnings what a shell accepts but hardly anybody means
 */
public record ConfdFile(
        List<Assignment> assignments, List<Problem> problems, List<Problem> warnings) {
    /** Exports are the variables whose names start with this. */
    public static final String EXPORT_PREFIX = "config_";

    public ConfdFile {
        assignments = List.copyOf(assignments);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /**
     * One {@code name=value}.
     *
     * @param value as a shell would have it after the file was sourced up to here
     * @param origin the line on which the name stands
     */
    public record Assignment(String name, String value, Origin origin) {
        /** True for {@code config_NAME}; everything else is for other readers of the file. */
        public boolean isExport() {
            return name.startsWith(EXPORT_PREFIX);
        }

        /** The part after {@code config_}; may be empty, which is an error. */
        public String exportName() {
            return name.substring(EXPORT_PREFIX.length());
        }
    }
}
