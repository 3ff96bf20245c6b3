// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a station may be allowed to do with an export, each on its own. */
public enum Right {
    /** Learn that the export exists: config queries, and reading its mask list and reservation. */
    DISCOVER,
    /** Read sectors. */
    READ,
    /** Write sectors. */
    WRITE,
    /** Change the config string, the mask list and the reservation over the network. */
    CONFIG;

    /** As it is written in a settings file. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Right> of(String label) {
        return Arrays.stream(values()).filter(right -> right.label().equals(label)).findFirst();
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(Right::label).toList();
    }
}
