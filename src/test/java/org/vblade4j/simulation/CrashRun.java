// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.VolatileDisk;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetState;
import org.vblade4j.torture.StampedSectors;

/**
 * One life of a target on a disk that forgets: an initiator writes at any depth until, in the
 * middle of one of the store's writes or syncs, the power goes. What was promised by then must be
 * there.
 */
final class CrashRun {
    /** What an answer promises. */
    enum Promise {
        /** An answered write is on the medium. */
        AT_WRITE,
        /** A write answered before a flush was asked for is, once the flush is answered. */
        AT_FLUSH
    }

    private static final long CLIENT_MAC = 0x0200_0000_000aL;
    private static final int MAX_SECTORS = 12;
    private static final int TURNS = 100_000;
    private static final long PATIENCE_NS = 30_000_000_000L; // syncs go on beside the turns

    private final VolatileDisk disk;
    private final Promise promise;
    private final SplittableRandom random;
    private final List<Job> jobs = new ArrayList<>();
    private final int sectors;

    /** Per sector: the least write that must be there, the last answered, the last asked for. */
    private final long[] floor;

    private final long[] answered;
    private final long[] asked;
    private final boolean[] busy;
    private long nextId = 1;
    private byte[] found;
    private long[] promised;
    private EthernetPort targetPort;
    private AoeTarget target;
    private RemoteDisk remote;

    CrashRun(VolatileDisk disk, Promise promise, long seed) {
        this.disk = disk;
        this.promise = promise;
        random = new SplittableRandom(seed);
        sectors = disk.bytes() / StampedSectors.BYTES;
        floor = new long[sectors];
        answered = new long[sectors];
        asked = new long[sectors];
        busy = new boolean[sectors];
    }

    /** Returns the writes that were promised; throws an AssertionError when one is lost. */
    int run(BlockStore store) throws PortException {
        disk.reset(new byte[disk.bytes()]);
        connect(store);
        disk.trapAfter(1 + random.nextInt(100), this::powerCut);
        int depth = 1 + random.nextInt(24);
        for (int i = 0; i < depth; i++) {
            jobs.add(new Job());
        }
        long startNs = System.nanoTime();
        for (int turn = 0; found == null; turn++) {
            if (turn >= TURNS && System.nanoTime() - startNs > PATIENCE_NS) {
                throw new AssertionError("the disk stands still");
            }
            jobs.forEach(Job::startIfIdle);
            turn();
        }
        return verify();
    }

    private void connect(BlockStore store) throws PortException {
        MemoryLan lan = new MemoryLan();
        Counters counters = new Counters();
        PortOptions options = PortOptions.forTarget("lan", SimTarget.ADDRESS, 256, 64);
        targetPort = lan.connect(options, SimTarget.MAC, 9000, counters);
        EthernetPort port =
                lan.connect(
                        PortOptions.forInitiator("lan", 256, 64), CLIENT_MAC, 9000, new Counters());
        target = SimTarget.target(targetPort, store, new TargetState(List.of()), counters);
        FoundTarget found = new FoundTarget(SimTarget.ADDRESS, SimTarget.MAC, 24, 1, 17, "");
        remote = new RemoteDisk(port, found, DiskSettings.DEFAULTS, System::nanoTime);
        for (int i = 0; !remote.ready(); i++) {
            if (i == TURNS) {
                throw new AssertionError("the disk did not come up");
            }
            turn();
        }
    }

    private void turn() throws PortException {
        remote.poll();
        targetPort.receive(target, 64);
        target.poll();
        target.flush();
    }

    /** On the disk's own thread, in the midst of whatever the store does. */
    private void powerCut() {
        found = disk.afterPowerCut(random.split());
        promised = floor.clone();
    }

    private int verify() {
        synchronized (disk) {
            ByteBuffer image = ByteBuffer.wrap(found);
            int count = 0;
            for (int lba = 0; lba < sectors; lba++) {
                long id = StampedSectors.id(image, lba * StampedSectors.BYTES, lba);
                if (id < promised[lba] || id > asked[lba]) {
                    throw new AssertionError(
                            "sector %d holds write %d, promised were %d to %d"
                                    .formatted(lba, id, promised[lba], asked[lba]));
                }
                count += promised[lba] > 0 ? 1 : 0;
            }
            return count;
        }
    }

    /** One request after the other, never on a sector that another one is busy with. */
    private final class Job {
        private final ByteBuffer buffer =
                ByteBuffer.allocateDirect(MAX_SECTORS * StampedSectors.BYTES);
        private final StoreRequest request = new StoreRequest(done -> ended());
        private long[] flushes;
        private long id;
        private boolean running;

        void startIfIdle() {
            if (running) {
                return;
            }
            if (random.nextInt(16) == 0) {
                running = true;
                synchronized (disk) {
                    flushes = answered.clone();
                }
                remote.submit(request.flush());
            } else {
                startWrite(random.nextInt(sectors), 1 + random.nextInt(MAX_SECTORS));
            }
        }

        private void startWrite(int lba, int count) {
            int end = lba;
            while (end < sectors && end - lba < count && !busy[end]) {
                end++;
            }
            if (end == lba) {
                return;
            }
            running = true;
            Arrays.fill(busy, lba, end, true);
            synchronized (disk) {
                id = nextId++;
                Arrays.fill(asked, lba, end, id);
            }
            StampedSectors.stamp(buffer, 0, lba, end - lba, id);
            remote.submit(request.write(lba, end - lba, buffer, 0));
        }

        private void ended() {
            running = false;
            if (request.status() != StoreStatus.OK) {
                throw new AssertionError(request.op() + ": " + request.status());
            }
            synchronized (disk) {
                if (request.op() == StoreRequest.Op.FLUSH) {
                    for (int i = 0; i < sectors; i++) {
                        floor[i] = Math.max(floor[i], flushes[i]);
                    }
                    return;
                }
                int from = (int) request.lba();
                int to = from + request.sectors();
                Arrays.fill(busy, from, to, false);
                Arrays.fill(answered, from, to, id);
                if (promise == Promise.AT_WRITE) {
                    Arrays.fill(floor, from, to, id);
                }
            }
        }
    }
}
