// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.store.engine.EngineChoice;

/**
 * No chain of stores needs lent data for longer than it says, for every chain of stores that {@link
 * Stores#open} can build: each mode on each engine, whole and as a window, and each of them again
 * behind what an export may put before it. The file has no holes, so that what goes by the page
 * cache finds it in memory.
 */
class StoreChainsTest {
    private static final int SECTORS = 600;
    private static final int DEPTH = 5;
    private Path image;

    /** How a chain is opened, and whether its requests are delayed. */
    record Chain(StoreOptions options, boolean delayed) {
        BlockStore open(Path path) throws IOException {
            BlockStore store = Stores.open(path, options);
            return delayed ? DelayStore.over(store, 20_000) : store;
        }
    }

    static List<Chain> writable() {
        return chains(false);
    }

    static List<Chain> readOnly() {
        return chains(true);
    }

    private static List<Chain> chains(boolean readOnly) {
        List<Chain> chains = new ArrayList<>();
        for (EngineChoice engine : EngineChoice.values()) {
            for (int bits = 0; bits < 16; bits++) {
                boolean window = (bits & 4) != 0;
                StoreOptions options =
                        new StoreOptions(
                                (bits & 1) != 0,
                                (bits & 2) != 0,
                                readOnly,
                                window ? 17 : 0,
                                window ? 400 : 0);
                chains.add(new Chain(options.on(engine, DEPTH), (bits & 8) != 0));
            }
        }
        return chains;
    }

    @BeforeEach
    void makeImage() throws IOException {
        image = Files.write(Disks.image(Disks.directory(), 0), new byte[SECTORS * 512]);
    }

    @Nested
    @ParameterizedClass
    @MethodSource("org.vblade4j.store.StoreChainsTest#writable")
    class Writable extends LentDataContract {
        @Parameter Chain chain;

        @Override
        protected BlockStore open() throws IOException {
            return chain.open(image);
        }
    }

    @ParameterizedTest
    @MethodSource("readOnly")
    void aRefusedWriteHoldsNoLentData(Chain chain) throws IOException {
        try (BlockStore store = chain.open(image)) {
            LendingOwner owner = new LendingOwner(store);
            for (int i = 0; i < 20; i++) {
                owner.write(2L * i, new byte[1024]);
            }
            owner.endBatch();
            new StoreDriver(store).pollUntil(owner::idle);
        }
    }
}
