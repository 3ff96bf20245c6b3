// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store that takes no writes must do. */
public abstract class ReadOnlyContract {
    private static final int SECTORS = 70;
    protected BlockStore store;
    private StoreDriver driver;
    private byte[] contents;

    /** Opens a read-only store that holds this. */
    protected abstract BlockStore open(byte[] contents) throws Exception;

    /** Lets asynchronous stores make progress between polls. */
    protected void pass() {}

    @BeforeEach
    void openStore() throws Exception {
        contents = Patterns.random(1, SECTORS * BlockStore.SECTOR_BYTES);
        store = open(contents);
        driver = new StoreDriver(store, this::pass);
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void readsEverySector() {
        assertEquals(SECTORS, store.sectors());
        for (int lba = 0; lba < SECTORS; lba++) {
            byte[] expected = Arrays.copyOfRange(contents, lba * 512, lba * 512 + 512);
            assertArrayEquals(expected, driver.read(lba, 1), "lba " + lba);
        }
    }

    @Test
    void refusesWritesAndKeepsTheData() {
        assertTrue(store.traits().readOnly());
        assertEquals(StoreStatus.READ_ONLY, driver.write(3, new byte[1024]));
        assertEquals(StoreStatus.READ_ONLY, driver.write(0, new byte[0]));
        assertArrayEquals(contents, driver.read(0, SECTORS));
    }

    @Test
    void flushesAsOthersDo() {
        assertEquals(StoreStatus.OK, driver.flush());
    }

    @Test
    void refusesReadsBeyondItsEnd() {
        assertEquals(StoreStatus.OUT_OF_RANGE, driver.readStatus(SECTORS - 1, 2));
    }
}
