// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.IoOptions;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.DelayStore;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.Stores;
import org.vblade4j.store.engine.EngineChoice;

/** Opens what an export serves; on the export's own thread. */
@FunctionalInterface
interface StoreOpener {
    BlockStore open(ExportSpec spec) throws IOException;

    /** The file or block device that the configuration names. */
    static BlockStore device(ExportSpec spec) throws IOException {
        ExportOptions options = spec.options();
        IoOptions io = options.io();
        StoreOptions how =
                new StoreOptions(
                        options.direct(),
                        options.synced(),
                        options.readOnly(),
                        options.offsetSectors(),
                        options.lengthSectors(),
                        EngineChoice.valueOf(io.engine().name()),
                        io.queueDepth());
        BlockStore store = Stores.open(spec.device(), how);
        return io.delay().isZero() ? store : DelayStore.over(store, io.delay().toNanos());
    }
}
