// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.vblade4j.store.BlockStore;
import org.vblade4j.wire.Mac;

/**
 * Tells disks apart by what is on them. Identities alone do not: the C program's serial number is
 * the address and the host's name, whatever file it serves.
 */
public final class DiskSamples {
    private static final int PLACES = 16;
    private static final long LIMIT_NS = TimeUnit.MINUTES.toNanos(1);

    private DiskSamples() {}

    /**
     * Whether two disks hold the same at sixteen places spread over them. Alike does not prove that
     * they are one: both may be blank.
     *
     * @throws IOException a place cannot be read
     */
    public static boolean alike(RemoteDisk first, RemoteDisk second) throws IOException {
        return first.identity().sameDisk(second.identity())
                && first.sectors() == second.sectors()
                && Arrays.equals(of(first), of(second));
    }

    /** One sector at each of the places, first and last among them. */
    static byte[] of(RemoteDisk disk) throws IOException {
        int places = (int) Math.min(PLACES, disk.sectors());
        byte[] samples = new byte[places * BlockStore.SECTOR_BYTES];
        DiskChannel channel = new DiskChannel(disk);
        for (int i = 0; i < places; i++) {
            long lba = places == 1 ? 0 : (disk.sectors() - 1) / (places - 1) * i;
            channel.position(
                    (i == places - 1 ? disk.sectors() - 1 : lba) * BlockStore.SECTOR_BYTES);
            int at = i * BlockStore.SECTOR_BYTES;
            channel.read(ByteBuffer.wrap(samples, at, BlockStore.SECTOR_BYTES));
        }
        return samples;
    }

    /** Compares the stations of an address one after the other, each alone. */
    static void requireOneDisk(List<DiskPath> paths, DiskSettings settings) throws IOException {
        DiskPath first = paths.get(0);
        long startNs = System.nanoTime();
        for (DiskPath other : paths) {
            if (System.nanoTime() - startNs > LIMIT_NS) {
                throw new IOException(
                        first.target().address()
                                + " is answered for by so many stations that they could not be"
                                + " compared in a minute");
            }
            if (other.target().mac() == first.target().mac()) {
                continue;
            }
            boolean alike;
            try (RemoteDisk one = RemoteDisk.open(List.of(first), settings);
                    RemoteDisk two = RemoteDisk.open(List.of(other), settings)) {
                alike = alike(one, two);
            }
            if (!alike) {
                throw new IOException(
                        first.target().address()
                                + " is two disks: at "
                                + place(first)
                                + " another than at "
                                + place(other));
            }
        }
    }

    private static String place(DiskPath path) {
        String on = path.interfaceName().isEmpty() ? "" : " on " + path.interfaceName();
        return Mac.format(path.target().mac()) + on;
    }
}
