// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real page cache, which is emptied behind its back. */
class ResidencyTest {
    private static final int BYTES = 1 << 20;
    private static final long LIFETIME_MS = 100;
    private static final long WARY_MS = Wariness.WARY_MS + Wariness.PROBATION_MS;

    private Path image;
    private PageCacheMap map;

    @BeforeEach
    void open() throws IOException {
        image = Disks.image(Disks.directory(), 0);
        Files.write(image, new byte[BYTES]);
        map = PageCacheMap.open(image, false);
    }

    @AfterEach
    void close() {
        map.close();
    }

    private boolean found() {
        map.tick();
        return map.find(4096, 4096) != 0;
    }

    private void empty() throws IOException {
        DiskFile file = DiskFile.open(image, DeviceKind.REGULAR_FILE, true, 0, System::nanoTime);
        file.dropCached();
        file.close();
    }

    private boolean foundWithin(long timeoutMs) throws InterruptedException {
        long endNs = System.nanoTime() + timeoutMs * 1_000_000;
        while (!found() && System.nanoTime() - endNs < 0) {
            Thread.sleep(20);
        }
        return found();
    }

    @Test
    void isWaryOnceAPageHasLeft() throws Exception {
        assertTrue(found());
        empty();
        long lostNs = System.nanoTime();
        while (found()) {
            assertTrue(System.nanoTime() - lostNs < 10_000_000_000L, "never noticed");
        }
        long warnedNs = System.nanoTime();
        Files.readAllBytes(image);
        assertTrue(foundWithin(10 * WARY_MS));
        long trustedNs = System.nanoTime();
        assertTrue(trustedNs - warnedNs > (WARY_MS - LIFETIME_MS) * 1_000_000, "at once");
    }

    @Test
    void isNotWaryWhenAPageComes() throws Exception {
        empty();
        assertFalse(found());
        Files.readAllBytes(image);
        assertTrue(foundWithin(Wariness.WARY_MS - 2 * LIFETIME_MS));
    }
}
