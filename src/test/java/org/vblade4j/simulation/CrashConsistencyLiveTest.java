// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vblade4j.net.PortException;
import org.vblade4j.simulation.CrashRun.Promise;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.Disks;
import org.vblade4j.store.FilterStore;
import org.vblade4j.store.FuseFile;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.Stores;
import org.vblade4j.store.VolatileDisk;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;

/**
 * Power cuts at random moments, below the real kernel and whatever engine the store uses: no answer
 * may have promised more than is found. {@code -Dvblade4j.crash.runs=N} runs more of them, {@code
 * -Dvblade4j.crash.seed=N} starts with another seed; a failure names its own.
 */
@Tag("live")
@ExtendWith(PrivateNetworkExtension.class)
class CrashConsistencyLiveTest {
    private static final int SECTORS = 512;
    private static final int RUNS = Integer.getInteger("vblade4j.crash.runs", 150);
    private static final long FIRST_SEED = Long.getLong("vblade4j.crash.seed", 1);

    private final VolatileDisk disk = new VolatileDisk(SECTORS);
    private FuseFile file;

    /** How the disk is opened, and what its answers then promise. */
    enum Mode {
        CACHED(false, false, Promise.AT_FLUSH),
        SYNCED(false, true, Promise.AT_WRITE),
        DIRECT(true, false, Promise.AT_FLUSH),
        DIRECT_SYNCED(true, true, Promise.AT_WRITE);

        private final boolean direct;
        private final boolean synced;
        private final Promise promise;

        Mode(boolean direct, boolean synced, Promise promise) {
            this.direct = direct;
            this.synced = synced;
            this.promise = promise;
        }
    }

    @BeforeEach
    void mount(PrivateNetwork network) throws Exception {
        file = FuseFile.mount(disk, Disks.directory());
    }

    @AfterEach
    void unmount() throws Exception {
        file.close();
    }

    @ParameterizedTest
    @EnumSource
    void noPowerCutTakesBackWhatWasAnswered(Mode mode, TestReporter reporter) throws Exception {
        long promised = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            promised += run(mode, mode.promise, seed);
        }
        assertTrue(promised > RUNS * 10L, "sectors promised: " + promised);
        reporter.publishEntry(mode.name(), RUNS + " power cuts, " + promised + " sectors checked");
    }

    /** The check can fail: a page cache does not promise what a synced store does. */
    @Test
    void aStoreWithoutSyncsIsCaught() {
        assertThrows(AssertionError.class, () -> runAll(Mode.CACHED, Promise.AT_WRITE, false));
    }

    /** The check can fail: an engine that syncs, but some writes too late. */
    @Test
    void anAnswerBeforeTheSyncIsCaught() {
        assertThrows(AssertionError.class, () -> runAll(Mode.CACHED, Promise.AT_WRITE, true));
    }

    private void runAll(Mode mode, Promise promise, boolean hasty)
            throws IOException, PortException {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            try (BlockStore store = open(mode)) {
                new CrashRun(disk, promise, seed).run(hasty ? new HastyStore(store) : store);
            }
        }
    }

    private int run(Mode mode, Promise promise, long seed) throws IOException, PortException {
        try (BlockStore store = open(mode)) {
            return new CrashRun(disk, promise, seed).run(store);
        } catch (AssertionError e) {
            throw new AssertionError(mode + ", -Dvblade4j.crash.seed=" + seed, e);
        }
    }

    private BlockStore open(Mode mode) throws IOException {
        return Stores.open(file.path(), new StoreOptions(mode.direct, mode.synced, false, 0, 0));
    }

    /** Group commit with the one mistake that matters: it answers what it has yet to sync. */
    private static final class HastyStore extends FilterStore {
        private final StoreRequest sync = new StoreRequest(done -> {});
        private int writes;

        HastyStore(BlockStore next) {
            super(next);
        }

        @Override
        public void submit(StoreRequest request) {
            writes += request.op() == StoreRequest.Op.WRITE ? 1 : 0;
            next.submit(request);
        }

        @Override
        public int poll() {
            int completed = next.poll();
            if (writes > 8) {
                writes = 0;
                next.submit(sync.flush());
                next.kick();
            }
            return completed;
        }
    }
}
