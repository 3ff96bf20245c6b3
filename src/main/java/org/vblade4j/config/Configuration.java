// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.List;

/**
 * Everything the configuration files say, checked: names are unique, and so is each address on an
 * interface.
 *
 * @param daemon the supervisor's settings
 * @param exports in file order
 * @param warnings what is accepted but most likely not meant
 */
public record Configuration(
        DaemonSettings daemon, List<ExportSpec> exports, List<Problem> warnings) {
    public Configuration {
        exports = List.copyOf(exports);
        warnings = List.copyOf(warnings);
    }
}
