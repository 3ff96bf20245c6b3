// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.vblade4j.store.engine.EngineChoice;
import org.vblade4j.store.engine.Engines;
import org.vblade4j.store.engine.IoEngine;
import org.vblade4j.sys.FileCalls;

/** Opens the product's own chains of stores over a kernel that is a test's. */
public final class SimulatedStores {
    /** There must be something: a file system is asked for its block size. */
    private static final Path PATH = Path.of("/");

    /** Opens the test's engine, for a depth and descriptors. */
    @FunctionalInterface
    public interface EngineOpener {
        IoEngine open(int depth, int... fds);
    }

    private final Platform platform;
    private final DeviceKind kind;

    /**
     * @param engines what stands for io_uring; one operation after the other is the product's own
     */
    public SimulatedStores(
            FileCalls calls, EngineOpener engines, LongSupplier clockNs, boolean device) {
        platform =
                new Platform(
                        calls,
                        (same, choice, depth, fds) ->
                                choice == EngineChoice.SYNC
                                        ? Engines.open(same, choice, depth, fds)
                                        : engines.open(depth, fds),
                        clockNs);
        kind = device ? DeviceKind.BLOCK_DEVICE : DeviceKind.REGULAR_FILE;
    }

    /** As {@link Stores#open}. */
    public BlockStore open(StoreOptions options) throws IOException {
        return Stores.open(PATH, kind, options, platform);
    }

    /** A defect: two writes to one block may run together. */
    public BlockStore openWithoutConflicts(StoreOptions options) throws IOException {
        FileStore first = FileStores.open(PATH, kind, options, platform);
        FileStore second = FileStores.open(PATH, kind, options, platform);
        return windowed(new AlternatingStore(first, second), options);
    }

    private static BlockStore windowed(BlockStore whole, StoreOptions options) {
        return options.offsetSectors() == 0 && options.lengthSectors() == 0
                ? whole
                : new SliceStore(whole, options.offsetSectors(), options.lengthSectors());
    }
}
