// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every writable store must do. A subclass opens the store; one that cannot be written passes
 * {@link ReadOnlyContract} instead.
 */
public abstract class BlockStoreContract extends LentDataContract {
    @Test
    void givesBackWhatWasWritten() {
        byte[] data = Patterns.random(1, 16 * BlockStore.SECTOR_BYTES);
        assertEquals(StoreStatus.OK, driver.write(8, data));
        assertArrayEquals(data, driver.read(8, 16));
        assertArrayEquals(new byte[BlockStore.SECTOR_BYTES], driver.read(7, 1));
        assertArrayEquals(new byte[BlockStore.SECTOR_BYTES], driver.read(24, 1));
    }

    @Test
    void everyLengthAndPhaseKeepsItsNeighbours() {
        byte[] model = new byte[64 * BlockStore.SECTOR_BYTES];
        for (int lba = 0; lba < 20; lba++) {
            for (int count = 1; count <= 20; count += 3) {
                byte[] data = Patterns.random(lba * 100L + count, count * 512);
                assertEquals(StoreStatus.OK, driver.write(lba, data));
                System.arraycopy(data, 0, model, lba * 512, data.length);
                assertArrayEquals(model, driver.read(0, 64), "lba " + lba + " count " + count);
            }
        }
    }

    @Test
    void servesTheFirstAndTheLastSector() {
        long last = store.sectors() - 1;
        byte[] first = Patterns.random(2, BlockStore.SECTOR_BYTES);
        byte[] end = Patterns.random(3, BlockStore.SECTOR_BYTES);
        assertEquals(StoreStatus.OK, driver.write(0, first));
        assertEquals(StoreStatus.OK, driver.write(last, end));
        assertArrayEquals(first, driver.read(0, 1));
        assertArrayEquals(end, driver.read(last, 1));
    }

    @Test
    void refusesRangesThatEndBeyondTheStoreAndStaysItsSize() {
        long size = store.sectors();
        byte[] two = Patterns.random(4, 2 * BlockStore.SECTOR_BYTES);
        long[] starts = {size - 1, size, size + 1, Long.MAX_VALUE - 1, Long.MAX_VALUE, -1};
        for (long lba : starts) {
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.write(lba, two), "write at " + lba);
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.readStatus(lba, 2), "read at " + lba);
        }
        assertEquals(size, store.sectors());
        assertArrayEquals(new byte[BlockStore.SECTOR_BYTES], driver.read(size - 1, 1));
    }

    @Test
    void movesNothingForZeroSectors() {
        assertEquals(StoreStatus.OK, driver.write(3, new byte[0]));
        assertEquals(StoreStatus.OK, driver.readStatus(store.sectors(), 0));
    }

    @Test
    void flushes() {
        driver.write(5, Patterns.random(5, BlockStore.SECTOR_BYTES));
        assertEquals(StoreStatus.OK, driver.flush());
    }

    @Test
    void leavesPositionLimitAndTheRestOfTheBufferAlone() {
        ByteBuffer buffer = buffer(8192);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0x5a);
        }
        buffer.position(100).limit(8000);
        byte[] data = Patterns.random(6, 1024);
        buffer.put(2048, data);
        assertEquals(StoreStatus.OK, driver.run(driver.request.write(9, 2, buffer, 2048)));
        assertEquals(StoreStatus.OK, driver.run(driver.request.read(9, 2, buffer, 4096)));
        assertEquals(100, buffer.position());
        assertEquals(8000, buffer.limit());
        buffer.clear();
        for (int i = 0; i < buffer.capacity(); i++) {
            boolean moved = (i >= 2048 && i < 3072) || (i >= 4096 && i < 5120);
            byte expected = moved ? data[i & 1023] : 0x5a;
            assertEquals(expected, buffer.get(i), "byte " + i);
        }
    }

    @Test
    void worksWhereverTheDataLiesInTheBuffer() {
        ByteBuffer buffer = buffer(16384);
        for (int offset : new int[] {0, 1, 36, 511, 512, 4095, 4096, 16384 - 1024}) {
            byte[] data = Patterns.random(offset, 1024);
            buffer.put(offset, data);
            assertEquals(StoreStatus.OK, driver.run(driver.request.write(2, 2, buffer, offset)));
            buffer.put(offset, new byte[1024]);
            assertEquals(StoreStatus.OK, driver.run(driver.request.read(2, 2, buffer, offset)));
            byte[] back = new byte[1024];
            buffer.get(offset, back);
            assertArrayEquals(data, back, "offset " + offset);
        }
    }

    @Test
    void callsTheListenerOnceOnTheCallingThreadWithTheRequestAsItWas() {
        Thread[] caller = new Thread[1];
        int[] calls = new int[1];
        ByteBuffer buffer = buffer(512);
        StoreRequest request =
                new StoreRequest(
                        done -> {
                            calls[0]++;
                            caller[0] = Thread.currentThread();
                        });
        store.submit(request.read(11, 1, buffer, 0));
        driver.pollUntil(() -> calls[0] > 0);
        store.poll();
        assertEquals(1, calls[0]);
        assertSame(Thread.currentThread(), caller[0]);
        assertEquals(11, request.lba());
        assertEquals(StoreRequest.Op.READ, request.op());
    }

    @Test
    void aRequestMayBeSubmittedAgainFromItsListener() {
        int[] calls = new int[1];
        ByteBuffer buffer = buffer(512);
        StoreRequest request =
                new StoreRequest(
                        done -> {
                            if (++calls[0] < 10) {
                                store.submit(done.read(calls[0], 1, buffer, 0));
                            }
                        });
        store.submit(request.read(0, 1, buffer, 0));
        driver.pollUntil(() -> calls[0] == 10);
        assertEquals(StoreStatus.OK, request.status());
    }

    @Test
    void traitsAreThoseOfAWritableStore() {
        StoreTraits traits = store.traits();
        assertTrue(!traits.readOnly());
        assertEquals(0, traits.physicalBlockBytes() % BlockStore.SECTOR_BYTES);
        assertTrue(traits.physicalBlockBytes() >= BlockStore.SECTOR_BYTES);
    }

    /** A second close of a descriptor's number would close whatever has that number by then. */
    @Test
    void aSecondCloseIsHarmlessToFilesOpenedSince() throws Exception {
        store.close();
        Path file = Files.writeString(Files.createTempFile("vblade4j", null), "mine");
        try {
            List<FileChannel> opened = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                opened.add(FileChannel.open(file));
            }
            store.close();
            for (FileChannel channel : opened) {
                assertEquals(4, channel.read(ByteBuffer.allocate(4)));
                channel.close();
            }
        } finally {
            Files.delete(file);
        }
    }
}
