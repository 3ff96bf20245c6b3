// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.ByteBuffer;

/** A disk in memory, all zeros at first; its contents end with it. Resizable, as files are. */
public final class MemoryStore implements BlockStore {
    private static final StoreTraits TRAITS = new StoreTraits(false, true, true, SECTOR_BYTES);

    private ByteBuffer data;

    private MemoryStore(ByteBuffer data) {
        this.data = data;
    }

    /** A store in the Java heap. */
    public static MemoryStore heap(int sectors) {
        return new MemoryStore(ByteBuffer.allocate(Math.multiplyExact(sectors, SECTOR_BYTES)));
    }

    /** A store in memory outside the heap. */
    public static MemoryStore direct(int sectors) {
        return new MemoryStore(
                ByteBuffer.allocateDirect(Math.multiplyExact(sectors, SECTOR_BYTES)));
    }

    /** Cuts the end off or adds zeros; between requests only. */
    public void resize(int sectors) {
        int bytes = Math.multiplyExact(sectors, SECTOR_BYTES);
        ByteBuffer resized =
                data.isDirect() ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
        resized.put(0, data, 0, Math.min(bytes, data.capacity()));
        data = resized;
    }

    @Override
    public long sectors() {
        return data.capacity() / SECTOR_BYTES;
    }

    @Override
    public StoreTraits traits() {
        return TRAITS;
    }

    @Override
    public void submit(StoreRequest request) {
        request.complete(execute(request));
    }

    private StoreStatus execute(StoreRequest request) {
        if (!request.within(sectors())) {
            return StoreStatus.OUT_OF_RANGE;
        }
        int at = (int) request.lba() * SECTOR_BYTES;
        switch (request.op()) {
            case READ -> request.buffer().put(request.offset(), data, at, request.bytes());
            case WRITE -> data.put(at, request.buffer(), request.offset(), request.bytes());
            default -> {}
        }
        return StoreStatus.OK;
    }

    @Override
    public void close() {
        // The memory goes with the last reference.
    }
}
