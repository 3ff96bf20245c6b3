// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The known keys, taken from {@code reference.conf}. Only this file: neither system properties nor
 * other libraries' reference files take part. The defaults that it shows are those of the records,
 * where they can be had without reading it; a test reads it and finds the same.
 */
final class Reference {
    static final String ROOT = "vblade4j";

    /** Read once, and only when there are settings to be looked up in it. */
    static final Reference FILE = new Reference();

    private final Config root;

    private Reference() {
        // Found by its one name: by way of the library, every jar there is would be searched for
        // it.
        root =
                ConfigFactory.parseReader(
                                new InputStreamReader(
                                        Reference.class.getResourceAsStream("/reference.conf"),
                                        StandardCharsets.UTF_8))
                        .getConfig(ROOT);
    }

    /**
     * The keys of a section.
     *
     * @param section empty for the top level
     */
    Set<String> keys(String section) {
        return section.isEmpty() ? root.root().keySet() : root.getObject(section).keySet();
    }
}
