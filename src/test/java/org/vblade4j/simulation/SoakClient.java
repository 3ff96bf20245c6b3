// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.vblade4j.initiator.Discovery;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.torture.StampedSectors;
import org.vblade4j.wire.AoeAddress;

/**
 * A host for {@code src/test/soak/run}: writes and reads a target's every sector over and over
 * while others pull at cables and kill processes, and knows what each sector may hold. It opens its
 * port anew when its interface goes away. Arguments: interface, shelf, slot, seed, seconds.
 */
public final class SoakClient {
    private static final System.Logger LOG = System.getLogger(SoakClient.class.getName());
    private static final int EXTENT = 64;
    private static final int DEPTH = 16;
    private static final DiskSettings PATIENT =
            new DiskSettings(32, 10_000_000, 500_000_000, TimeUnit.SECONDS.toNanos(40));

    private final String interfaceName;
    private final AoeAddress address;
    private final SplittableRandom random;
    private final long endNs;
    private final List<Job> jobs = new ArrayList<>();

    /** Per extent: the write it surely holds, and later ones whose fate nobody told. */
    private long[] known;

    private List<Set<Long>> unknown;
    private boolean[] busy;
    private RemoteDisk disk;
    private long ids;
    private int cursor;
    private long passes;
    private long written;
    private long verified;
    private long failed;
    private long reconnects = -1;

    private SoakClient(String[] args) {
        interfaceName = args[0];
        address = new AoeAddress(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        random = new SplittableRandom(Long.parseLong(args[3]));
        endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[4]));
        for (int i = 0; i < DEPTH; i++) {
            jobs.add(new Job());
        }
    }

    /** Ends with status 1 and a message when a sector is not what it must be. */
    public static void main(String[] args) throws Exception {
        SoakClient client = new SoakClient(args);
        while (System.nanoTime() - client.endNs < 0) {
            client.session(false);
        }
        client.cursor = 0;
        client.passes = 0;
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (client.passes == 0) { // all of it, in the end, from beginning to end
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(client.address + " does not come back");
            }
            client.session(true);
        }
        LOG.log(
                System.Logger.Level.INFO,
                "{0}: {1} sectors written, {2} verified, {3} requests failed, {4} reconnects",
                client.address,
                client.written,
                client.verified,
                client.failed,
                client.reconnects);
    }

    /** As long as one port lives, or until the time is over. */
    private void session(boolean last) throws InterruptedException {
        try (EthernetPort port =
                new RingPorts()
                        .open(PortOptions.forInitiator(interfaceName, 256, 64), new Counters())) {
            List<FoundTarget> found =
                    new Discovery(port, System::nanoTime)
                            .find(address, TimeUnit.SECONDS.toNanos(2));
            if (found.isEmpty()) {
                return;
            }
            disk = RemoteDisk.open(port, found.get(0), PATIENT);
            reconnects++;
            prepare((int) (disk.sectors() / EXTENT));
            serve(last);
            disk.close();
        } catch (IOException e) {
            TimeUnit.MILLISECONDS.sleep(200); // the interface is away
        }
    }

    private void prepare(int extents) {
        if (known == null) {
            known = new long[extents];
            busy = new boolean[extents];
            unknown = new ArrayList<>();
            for (int i = 0; i < extents; i++) {
                unknown.add(new HashSet<>());
            }
        }
        if (extents != known.length) {
            throw new AssertionError(
                    "the disk has " + disk.sectors() + " sectors, not " + known.length * EXTENT);
        }
    }

    private void serve(boolean last) {
        long before = failed;
        boolean more = true;
        while (more || jobs.stream().anyMatch(job -> job.running)) {
            more = before == failed && (last ? passes == 0 : System.nanoTime() - endNs < 0);
            for (Job job : jobs) {
                if (more && !job.running) {
                    job.start(last);
                }
            }
            if (disk.poll() == 0) {
                disk.await(100_000_000);
            }
        }
    }

    private int nextExtent() {
        if (cursor == known.length) {
            cursor = 0;
            passes++;
        }
        return cursor++;
    }

    private final class Job {
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(EXTENT * StampedSectors.BYTES);
        private final StoreRequest request = new StoreRequest(done -> ended());
        private boolean running;
        private int extent;
        private long id;

        void start(boolean onlyRead) {
            extent = nextExtent();
            if (busy[extent] || (onlyRead && passes > 0)) {
                return;
            }
            busy[extent] = true;
            running = true;
            long lba = (long) extent * EXTENT;
            if (!onlyRead && random.nextBoolean()) {
                id = ++ids;
                unknown.get(extent).add(id);
                StampedSectors.stamp(buffer, 0, lba, EXTENT, id);
                disk.submit(request.write(lba, EXTENT, buffer, 0));
            } else {
                disk.submit(request.read(lba, EXTENT, buffer, 0));
            }
        }

        private void ended() {
            running = false;
            busy[extent] = false;
            if (request.status() == StoreStatus.OK) {
                succeeded();
            } else if (request.status() == StoreStatus.UNAVAILABLE) {
                failed++;
            } else {
                throw new AssertionError(request.op() + ": " + request.status());
            }
        }

        private void succeeded() {
            if (request.op() == StoreRequest.Op.WRITE) {
                known[extent] = id;
                unknown.get(extent).clear();
                written += EXTENT;
                return;
            }
            for (int i = 0; i < EXTENT; i++) {
                long lba = (long) extent * EXTENT + i;
                long found = StampedSectors.id(buffer, i * StampedSectors.BYTES, lba);
                if (found != known[extent] && !unknown.get(extent).contains(found)) {
                    throw new AssertionError(
                            "sector %d holds write %d, expected %d or one of %s"
                                    .formatted(lba, found, known[extent], unknown.get(extent)));
                }
            }
            verified += EXTENT;
        }
    }
}
