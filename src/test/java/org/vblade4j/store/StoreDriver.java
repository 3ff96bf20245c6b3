// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** Drives a store one request at a time, with byte arrays: for tests. */
public final class StoreDriver {
    private static final int POLL_LIMIT = 2_000_000;
    private static final long PATIENCE_NS = 30_000_000_000L; // a real disk takes its time

    /** The request that all operations use. */
    public final StoreRequest request;

    private final BlockStore store;
    private final Runnable pass;
    private boolean done;

    /** Between two polls it calls {@code pass}, which moves a virtual clock or does nothing. */
    public StoreDriver(BlockStore store, Runnable pass) {
        this.store = store;
        this.pass = pass;
        this.request = new StoreRequest(completed -> done = true);
    }

    public StoreDriver(BlockStore store) {
        this(store, () -> {});
    }

    public StoreStatus write(long lba, byte[] data) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(data.length).put(0, data);
        return run(request.write(lba, data.length / BlockStore.SECTOR_BYTES, buffer, 0));
    }

    public byte[] read(long lba, int sectors) {
        byte[] data = new byte[sectors * BlockStore.SECTOR_BYTES];
        ByteBuffer buffer = ByteBuffer.allocateDirect(data.length);
        StoreStatus status = run(request.read(lba, sectors, buffer, 0));
        if (status != StoreStatus.OK) {
            throw new AssertionError("read of " + sectors + " at " + lba + ": " + status);
        }
        buffer.get(0, data);
        return data;
    }

    public StoreStatus readStatus(long lba, int sectors) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(sectors * BlockStore.SECTOR_BYTES);
        return run(request.read(lba, sectors, buffer, 0));
    }

    public StoreStatus flush() {
        return run(request.flush());
    }

    public StoreStatus run(StoreRequest filled) {
        done = false;
        store.submit(filled);
        store.kick();
        pollUntil(() -> done);
        return filled.status();
    }

    public void pollUntil(BooleanSupplier condition) {
        long startNs = System.nanoTime();
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (i >= POLL_LIMIT && System.nanoTime() - startNs > PATIENCE_NS) {
                throw new AssertionError("not completed after " + i + " polls");
            }
            pass.run();
            store.kick();
            store.poll();
        }
    }
}
