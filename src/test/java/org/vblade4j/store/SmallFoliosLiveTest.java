// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;

/** What the kernel's own tables (proc(5): pagemap, kpageflags) say of the folios; needs root. */
@Tag("live")
class SmallFoliosLiveTest {
    private static final int REGION_BYTES = 2 << 20;
    private static final int REGIONS = 4;
    private static final int COMPOUND = 3 << 15; // KPF_COMPOUND_HEAD, KPF_COMPOUND_TAIL
    private static final long FRAME_NUMBER = (1L << 55) - 1;

    private final byte[] content = Patterns.random(1, REGIONS * REGION_BYTES);
    private Path image;

    /** Written at once and back: large folios where the file system has any, and clean. */
    @BeforeEach
    void makeImage() throws IOException {
        image = Disks.image(Disks.directory(), 0);
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content));
            file.force(true);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWriteSplitsTheFolioItGoesToAndNoOther(boolean synced) throws IOException {
        boolean before = large(2 * REGION_BYTES);
        byte[] data = Patterns.random(2, 1024);
        try (BlockStore store = Stores.open(image, options(synced))) {
            assertEquals(StoreStatus.OK, new StoreDriver(store).write(10, data));
        }
        assertFalse(large(10 * BlockStore.SECTOR_BYTES), "still in a large folio");
        assertEquals(before, large(2 * REGION_BYTES), "of a region that was not written");
        System.arraycopy(data, 0, content, 10 * BlockStore.SECTOR_BYTES, data.length);
        assertArrayEquals(content, Files.readAllBytes(image));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReadSplitsNothing(boolean synced) throws IOException {
        boolean before = large(0);
        try (BlockStore store = Stores.open(image, options(synced))) {
            new StoreDriver(store).read(10, 2);
        }
        assertEquals(before, large(0));
    }

    private static StoreOptions options(boolean synced) {
        return new StoreOptions(false, synced, false, 0, 0);
    }

    private boolean large(long at) throws IOException {
        try (FileChannel file = FileChannel.open(image);
                RandomAccessFile pagemap = new RandomAccessFile("/proc/self/pagemap", "r");
                RandomAccessFile flags = new RandomAccessFile("/proc/kpageflags", "r")) {
            MappedByteBuffer page =
                    file.map(FileChannel.MapMode.READ_ONLY, at, NativeMemory.PAGE_BYTES);
            page.get(0); // into the page table
            long frame = word(pagemap, Libc.address(page) / NativeMemory.PAGE_BYTES) & FRAME_NUMBER;
            return (word(flags, frame) & COMPOUND) != 0;
        }
    }

    private static long word(RandomAccessFile table, long index) throws IOException {
        byte[] word = new byte[Long.BYTES]; // the kernel refuses to be asked for less
        table.seek(index * Long.BYTES);
        table.readFully(word);
        return ByteBuffer.wrap(word).order(ByteOrder.nativeOrder()).getLong();
    }
}
