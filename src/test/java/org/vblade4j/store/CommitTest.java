// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vblade4j.store.engine.ShuffledEngine;
import org.vblade4j.sys.Errno;

/** When a durable store says that a write is done. */
class CommitTest {
    private final List<StoreStatus> ended = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(512);
    private ShuffledEngine engine;
    private FileStore store;

    @BeforeEach
    void open() throws IOException {
        Path image = Disks.image(Disks.directory(), 100 * 512);
        DiskFile file = DiskFile.open(image, DeviceKind.REGULAR_FILE, false, 0, Platform.SYSTEM);
        engine = new ShuffledEngine(new Random(1), false, file.fd());
        engine.hold();
        StoreTraits traits = new StoreTraits(false, false, true, true, 512, engine.label());
        store = new FileStore(file, null, null, engine, 8, traits);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void write(int... lbas) {
        for (int lba : lbas) {
            StoreRequest request = new StoreRequest(done -> ended.add(done.status()));
            store.submit(request.write(lba, 1, buffer, 0));
        }
        store.kick();
    }

    private void endAll() {
        engine.release();
        for (int i = 0; i < 1000; i++) {
            store.poll();
        }
        engine.hold();
    }

    @Test
    void theWritesOfABatchShareOneSyncAndEndAfterIt() {
        write(1, 5, 9);
        assertEquals(1, engine.syncs());
        assertEquals(List.of(), ended, "none is done before its sync");
        endAll();
        assertEquals(List.of(StoreStatus.OK, StoreStatus.OK, StoreStatus.OK), ended);
    }

    @Test
    void whatComesDuringASyncWaitsForTheNext() {
        write(1);
        write(2, 7);
        write(3);
        assertEquals(1, engine.inProgress(), "one sync at a time");
        endAll();
        assertEquals(4, ended.size());
        assertEquals(2, engine.started(), "and one for all that came meanwhile");
    }

    @Test
    void aFailedSyncFailsAlsoWhatItMayHaveLostOfTheNextGroup() {
        engine.syncErrno = Errno.EIO;
        write(1);
        write(2, 7);
        endAll();
        StoreStatus lost = StoreStatus.MEDIA_ERROR;
        assertEquals(List.of(lost, lost, lost), ended);
        engine.syncErrno = 0;
        write(4);
        endAll();
        assertEquals(StoreStatus.OK, ended.get(3));
    }

    @Test
    void aReadWaitsForNoSync() {
        write(1);
        StoreRequest read = new StoreRequest(done -> ended.add(done.status()));
        store.submit(read.read(1, 1, buffer, 0));
        store.kick();
        assertEquals(2, engine.inProgress());
    }
}
