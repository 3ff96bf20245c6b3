// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counters;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.Stores;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * Runs made-up requests through a target and a store of the real classes, on a file that is deleted
 * at once, so that the JVM has compiled the path of a frame before the first export is announced:
 * the first second would be half as fast otherwise. Once for all exports of a process, on a thread
 * of its own, while they open what they need; never for longer than {@value #LIMIT_MS} ms.
 */
final class WarmUp {
    private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int LIMIT_MS = 250;
    private static final int ROUNDS = 600;
    private static final int BATCH = 64;
    private static final int SECTORS = 2048;
    private static final int FRAME_BYTES = 2048;
    private static final long OTHER_MAC = 0x02_00_00_00_00_02L;
    private static final AoeAddress ADDRESS = new AoeAddress(0, 0);

    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Counters counters = new Counters();

    /** Any thread, any number of times. */
    void begin() {
        if (!begun.getAndSet(true)) {
            Thread thread = new Thread(this::run, "warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** It does not take place, unless it has begun. */
    void leaveOut() {
        if (!begun.getAndSet(true)) {
            over.countDown();
        }
    }

    /** Waits until it is over, or has had its time. */
    void await() {
        try {
            over.await(2L * LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the made-up requests have counted, once it is over. */
    Counters counters() {
        return counters;
    }

    private void run() {
        long startNs = System.nanoTime();
        try {
            onMemoryFile(startNs);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "warm-up given up: {0}", e.getMessage());
        } finally {
            over.countDown();
        }
    }

    private void onMemoryFile(long startNs) throws IOException {
        Path file =
                Files.isWritable(SHARED_MEMORY)
                        ? Files.createTempFile(SHARED_MEMORY, "vblade4j-warm-up", null)
                        : Files.createTempFile("vblade4j-warm-up", null);
        try {
            Files.write(file, new byte[SECTORS * BlockStore.SECTOR_BYTES]);
            try (BlockStore store = Stores.open(file, StoreOptions.DEFAULTS)) {
                Files.delete(file);
                ByteBuffer frames = ByteBuffer.allocateDirect(BATCH * FRAME_BYTES);
                rehearse(store, RehearsalPort.open(2 * BATCH, FRAME_BYTES), frames, startNs);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void rehearse(BlockStore store, RehearsalPort port, ByteBuffer frames, long startNs)
            throws IOException {
        TargetSettings settings =
                new TargetSettings(ADDRESS, BATCH, List.of(), new DiskIdentity("warm-up", 1));
        AoeTarget target = new AoeTarget(settings, port, store, counters);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < BATCH; i++) {
                int offset = i * FRAME_BYTES;
                int bytes = putRequest(frames, offset, round * BATCH + i);
                target.onFrame(frames, offset, bytes);
            }
            target.batchEnd();
            target.poll();
            target.flush();
            if (System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(LIMIT_MS)) {
                break;
            }
        }
        while (!target.idle() && System.nanoTime() - startNs < 2_000_000L * LIMIT_MS) {
            target.poll();
            target.flush();
        }
    }

    /** Two reads for each write, all over the disk. */
    private static int putRequest(ByteBuffer frames, int offset, int tag) {
        boolean write = tag % 3 == 0;
        long lba = (tag * 37L) % (SECTORS / 2) * 2;
        AoeFrame.putEthernet(frames, offset, RehearsalPort.MAC, OTHER_MAC);
        AoeFrame.putAoe(frames, offset, 0, ADDRESS.shelf(), ADDRESS.slot(), Aoe.COMMAND_ATA, tag);
        AtaFrame.putRequest(
                frames,
                offset,
                AtaFrame.FLAG_EXTENDED | (write ? AtaFrame.FLAG_WRITE : 0),
                write ? AtaFrame.WRITE_EXT : AtaFrame.READ_EXT,
                2,
                lba);
        return write ? AtaFrame.DATA_OFFSET + 2 * BlockStore.SECTOR_BYTES : Aoe.MIN_FRAME_BYTES;
    }
}
