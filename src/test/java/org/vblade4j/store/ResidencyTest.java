// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vblade4j.store.engine.Engines;
import org.vblade4j.sys.FileCalls;

/** On a real page cache, which is emptied behind its back, and a clock of the test's own. */
class ResidencyTest {
    private static final int BYTES = 1 << 20;
    private static final int LIFETIME_MS = 100;
    private static final long MS_NS = 1_000_000;

    private long nowNs = 77;
    private final Platform platform = new Platform(FileCalls.LIBC, Engines::open, () -> nowNs);
    private Path image;
    private PageCacheMap map;

    @BeforeEach
    void open() throws IOException {
        image = Disks.image(Disks.directory(), 0);
        Files.write(image, new byte[BYTES]);
        map = PageCacheMap.open(image, platform);
        pass(5000); // a sign soon after that would count as the second one
    }

    @AfterEach
    void close() {
        map.close();
    }

    private void pass(long ms) {
        nowNs += ms * MS_NS;
    }

    private boolean found() {
        map.tick();
        return map.find(4096, 4096) != 0;
    }

    private void empty() throws IOException {
        DiskFile file = DiskFile.open(image, DeviceKind.REGULAR_FILE, true, 0, Platform.SYSTEM);
        file.dropCached();
        file.close();
    }

    private void fill() throws IOException {
        assertEquals(BYTES, Files.readAllBytes(image).length);
    }

    private void isWaryFromNowOn() throws IOException {
        assertFalse(found(), "now");
        fill();
        pass(ResidencyBackoff.WARY_MS - 1);
        assertFalse(found(), "it does not look");
        pass(ResidencyBackoff.PROBATION_MS);
        assertFalse(found(), "it looks, and does not believe what it sees");
        pass(1);
        assertTrue(found());
    }

    @Test
    void believesForAWhileThatAPageIsThereAndIsWaryOnceItHasLeft() throws IOException {
        assertTrue(found());
        empty();
        pass(LIFETIME_MS);
        assertTrue(found());
        pass(1);
        isWaryFromNowOn();
    }

    @Test
    void isNotWaryWhenAPageComes() throws IOException {
        empty();
        assertFalse(found());
        fill();
        pass(LIFETIME_MS);
        assertFalse(found(), "believed for as long that it is not there");
        pass(1);
        assertTrue(found());
    }

    @Test
    void isNotWaryOfAPageThatWasNotLookedAtForLong() throws IOException {
        assertTrue(found());
        empty();
        pass(1000);
        assertFalse(found());
        fill();
        pass(LIFETIME_MS + 1);
        assertTrue(found());
    }

    @Test
    void isWaryOnceTheThreadHasWaitedForThePageOfAnyFile() throws IOException {
        assertTrue(found());
        pass(2);
        assertTrue(found(), "it knows how many faults there were");
        try (FileChannel channel = FileChannel.open(image)) {
            empty();
            channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES).get(BYTES / 2);
        }
        pass(2);
        isWaryFromNowOn();
    }

    @Test
    void believesNothingSeenBeforeItWasToldToForget() throws IOException {
        assertTrue(found());
        empty();
        assertTrue(found());
        pass(1);
        map.forget();
        assertFalse(found());
    }
}
