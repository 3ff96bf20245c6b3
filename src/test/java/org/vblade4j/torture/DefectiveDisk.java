// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;

/** A disk that, after a while, does something wrong with every hundredth write. */
final class DefectiveDisk implements BlockStore {
    /** What it does wrong. */
    enum Defect {
        NONE(null),
        /** It answers and does nothing. */
        LOST(Kind.STALE),
        /** It does it once more when others have followed. */
        REPEATED(Kind.STALE),
        /** The second half of a sector stays as it was. */
        TORN(Kind.TORN),
        /** The data go to another place as well. */
        MISPLACED(Kind.FOREIGN),
        /** The sectors become zeros. */
        ZEROED(Kind.ZEROED);

        final Kind kind;

        Defect(Kind kind) {
            this.kind = kind;
        }
    }

    private static final int EVERY = 100;
    private static final int LATER = 40;
    private static final int SOUND = 400; // by then every sector was written
    private static final int MAX_BYTES = 255 * SECTOR_BYTES;
    private static final int MISPLACED_BY = 8;

    private final MemoryStore disk;
    private final Defect defect;
    private final StoreRequest own = new StoreRequest(done -> {});
    private final ByteBuffer kept = ByteBuffer.allocate(MAX_BYTES);
    private long keptLba;
    private int keptSectors;
    private int writes;

    DefectiveDisk(int sectors, Defect defect) {
        disk = MemoryStore.heap(sectors);
        this.defect = defect;
    }

    @Override
    public long sectors() {
        return disk.sectors();
    }

    @Override
    public StoreTraits traits() {
        return disk.traits();
    }

    @Override
    public void submit(StoreRequest request) {
        boolean wrong =
                request.op() == StoreRequest.Op.WRITE && ++writes % EVERY == 0 && writes > SOUND;
        long lba = request.lba();
        int sectors = request.sectors();
        if (!wrong) {
            if (defect == Defect.REPEATED && writes % EVERY == LATER && keptSectors > 0) {
                disk.submit(own.write(keptLba, keptSectors, kept, 0));
                keptSectors = 0;
            }
            disk.submit(request);
            return;
        }
        switch (defect) {
            case LOST -> request.complete(StoreStatus.OK);
            case REPEATED -> {
                kept.put(0, request.buffer(), request.offset(), request.bytes());
                keptLba = lba;
                keptSectors = sectors;
                disk.submit(request);
            }
            case TORN -> {
                disk.submit(own.read(lba, 1, kept, 0));
                request.buffer()
                        .put(
                                request.offset() + SECTOR_BYTES / 2,
                                kept,
                                SECTOR_BYTES / 2,
                                SECTOR_BYTES / 2);
                disk.submit(request);
            }
            case MISPLACED -> {
                long place = (lba + MISPLACED_BY) % (sectors() - sectors);
                disk.submit(own.write(place, sectors, request.buffer(), request.offset()));
                disk.submit(request);
            }
            case ZEROED -> {
                ByteBuffer zeros = ByteBuffer.allocate(request.bytes());
                disk.submit(own.write(lba, sectors, zeros, 0));
                request.complete(StoreStatus.OK);
            }
            default -> disk.submit(request);
        }
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }
}
