// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.nio.file.Path;
import org.vblade4j.wire.AoeAddress;

/**
 * One export as configured and checked: which disk is served at which address on which interface.
 *
 * @param name ASCII letters, digits and underscores: what may follow {@code config_} in a shell
 * @param address shelf and slot
 * @param interfaceName the network interface
 * @param device the regular file or block device served
 * @param options flags and tuning
 * @param origin where the export was written; not part of what makes two exports equal, see {@link
 *     #sameAs}
 */
public record ExportSpec(
        String name,
        AoeAddress address,
        String interfaceName,
        Path device,
        ExportOptions options,
        Origin origin) {

    /** True when both would serve the same thing: a reload leaves such an export untouched. */
    public boolean sameAs(ExportSpec other) {
        return name.equals(other.name)
                && address.equals(other.address)
                && interfaceName.equals(other.interfaceName)
                && device.equals(other.device)
                && options.equals(other.options);
    }
}
