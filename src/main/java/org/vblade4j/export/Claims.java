// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.GuardOptions;
import org.vblade4j.guard.ClaimRequest;
import org.vblade4j.store.BlockStore;

/** What an export claims of its device. */
final class Claims {
    private Claims() {}

    static ClaimRequest request(ExportSpec spec) {
        ExportOptions options = spec.options();
        return new ClaimRequest(
                spec.name(),
                spec.address().toString(),
                spec.device(),
                !options.readOnly(),
                options.guard().deviceInUse() == GuardOptions.Conflict.WARN,
                options.offsetSectors() * BlockStore.SECTOR_BYTES,
                options.lengthSectors() * BlockStore.SECTOR_BYTES);
    }
}
