// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;

/** The model of a disk that forgets, below a real kernel: it must see writes and syncs. */
@Tag("live")
@ExtendWith(PrivateNetworkExtension.class)
class VolatileDiskLiveTest {
    private static final int SECTORS = 256;

    private final VolatileDisk disk = new VolatileDisk(SECTORS);
    private FuseFile file;
    private BlockStore opened;

    @BeforeEach
    void mount(PrivateNetwork network) throws Exception {
        file = FuseFile.mount(disk, Disks.directory());
    }

    @AfterEach
    void unmount() throws Exception {
        opened.close();
        file.close();
    }

    private byte[] survives() {
        byte[] found = new byte[disk.bytes()];
        Arrays.fill(found, (byte) 0xff);
        for (long seed = 0; seed < 20; seed++) { // and over what all cuts agree
            byte[] one = disk.afterPowerCut(new SplittableRandom(seed));
            for (int i = 0; i < one.length; i++) {
                found[i] &= one[i];
            }
        }
        return found;
    }

    private StoreDriver open(boolean direct, boolean synced) throws Exception {
        if (opened != null) {
            opened.close();
        }
        opened = Stores.open(file.path(), new StoreOptions(direct, synced, false, 0, 0));
        return new StoreDriver(opened);
    }

    @Test
    void aCachedWriteIsLostUntilAFlush() throws Exception {
        StoreDriver store = open(false, false);
        byte[] data = new byte[8192];
        Arrays.fill(data, (byte) 0x77);
        assertEquals(StoreStatus.OK, store.write(8, data));
        assertArrayEquals(data, store.read(8, 16));
        assertFalse(holds(data, 8));
        assertEquals(StoreStatus.OK, store.flush());
        assertTrue(holds(data, 8));
    }

    @Test
    void aSyncedWriteIsNotLost() throws Exception {
        for (boolean direct : new boolean[] {false, true}) {
            StoreDriver store = open(direct, true);
            byte[] data = Patterns.random(direct ? 1 : 2, 4096);
            assertEquals(StoreStatus.OK, store.write(16, data));
            assertTrue(holds(data, 16), () -> "direct " + direct);
            byte[] odd = Patterns.random(direct ? 3 : 4, 512);
            assertEquals(StoreStatus.OK, store.write(33, odd));
            assertTrue(holds(odd, 33), () -> "direct " + direct);
        }
    }

    private boolean holds(byte[] data, int lba) {
        return Arrays.equals(
                data, Arrays.copyOfRange(survives(), lba * 512, lba * 512 + data.length));
    }
}
