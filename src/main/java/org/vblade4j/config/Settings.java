// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the settings file says.
 *
 * @param defaults options of exports that do not say otherwise
 * @param overrides by export name, options that go before what conf.d says
 * @param exports those defined in the file itself
 */
record Settings(
        DaemonSettings daemon,
        ExportOptions defaults,
        Map<String, SettingsNode> overrides,
        List<Export> exports) {
    static final Settings DEFAULTS =
            new Settings(DaemonSettings.DEFAULTS, ExportOptions.DEFAULTS, Map.of(), List.of());

    /**
     * One export, by name.
     *
     * @param spec empty when something was wrong with it
     */
    record Export(String name, Origin origin, Optional<ExportSpec> spec) {}
}
