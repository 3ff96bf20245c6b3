// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link BlockStore#kick} promises of lent data and of what listeners submit. */
public abstract class LentDataContract {
    private static final int AREA_SECTORS = 96;

    protected BlockStore store;
    protected StoreDriver driver;

    /** Opens a fresh store of at least 256 sectors, all zeros. */
    protected abstract BlockStore open() throws Exception;

    /** A buffer as the store's callers use it; stores that want alignment override this. */
    protected ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    /** Lets asynchronous stores make progress between polls. */
    protected void pass() {}

    @BeforeEach
    void openStore() throws Exception {
        store = open();
        driver = new StoreDriver(store, this::pass);
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    /** {@link DataLease}: the memory is overwritten at the end of each batch. */
    @Test
    void needsNoLentDataAfterTheKick() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] model = new byte[AREA_SECTORS * BlockStore.SECTOR_BYTES];
        LendingOwner owner = new LendingOwner(store);
        for (int batch = 0; batch < 40; batch++) {
            int writes = 1 + random.nextInt(60);
            int lba = 0;
            for (int i = 0; i < writes && !owner.full(); i++) {
                // Often one that goes on where the last one ended, or the last one again.
                int sectors = 1 + random.nextInt(4);
                lba = random.nextInt(3) == 0 ? random.nextInt(AREA_SECTORS) : lba;
                lba = Math.min(lba, AREA_SECTORS - sectors);
                byte[] data = Patterns.random(random.nextLong(), sectors * 512);
                owner.write(lba, data);
                System.arraycopy(data, 0, model, lba * 512, data.length);
                lba += random.nextBoolean() ? sectors : 0;
            }
            owner.endBatch();
            if (random.nextInt(4) == 0) {
                driver.pollUntil(owner::idle);
            }
        }
        driver.pollUntil(owner::idle);
        assertArrayEquals(model, driver.read(0, AREA_SECTORS), "seed " + seed);
    }

    @Test
    void aKickAlsoStartsWhatListenersSubmitInTheCourseOfIt() {
        ByteBuffer buffer = buffer(2048);
        boolean[] done = new boolean[2];
        boolean[] kicking = {true};
        boolean[] inKick = {false};
        StoreRequest second = new StoreRequest(any -> done[1] = true);
        StoreRequest first =
                new StoreRequest(
                        any -> {
                            done[0] = true;
                            inKick[0] = kicking[0];
                            store.submit(second.write(20, 1, buffer, 512));
                            store.kick(); // a listener may: the outer kick goes on
                        });
        store.submit(first.write(10, 1, buffer, 0));
        store.kick();
        kicking[0] = false;
        driver.pollUntil(() -> done[0]);
        long startNs = System.nanoTime();
        while (!done[1] && System.nanoTime() - startNs < 10_000_000_000L) {
            pass();
            store.poll(); // and no kick
        }
        assertTrue(done[1], inKick[0] ? "submitted in the kick" : "submitted in a poll");
    }
}
