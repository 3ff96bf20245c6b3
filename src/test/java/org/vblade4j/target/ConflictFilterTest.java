// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.vblade4j.ata.AtaDevice;
import org.vblade4j.ata.AtaTask;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.AtaFrame;

class ConflictFilterTest {
    private static final int SECTORS = 40_000;

    private final AtaDevice device = new AtaDevice(MemoryStore.heap(SECTORS), TargetRig.IDENTITY);

    private PendingRequest request(int opcode, int tag, int sectors, long lba) {
        PendingRequest request = new PendingRequest(0, done -> {});
        byte[] frame = Request.ata(opcode, sectors, lba).bytes();
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        device.decode(buffer, 0, 1 << 20, 1 << 20, request.task);
        request.tag = tag;
        return request;
    }

    private PendingRequest any(Random random) {
        int sectors = 1 + random.nextInt(random.nextInt(10) == 0 ? 255 : 17);
        long lba = random.nextInt(random.nextBoolean() ? 64 : SECTORS - 255);
        int opcode =
                switch (random.nextInt(5)) {
                    case 0, 1 -> AtaFrame.READ_EXT;
                    case 2, 3 -> AtaFrame.WRITE_EXT;
                    default -> AtaFrame.FLUSH_EXT;
                };
        return request(opcode, random.nextInt(), sectors, lba);
    }

    private static boolean conflict(AtaTask earlier, AtaTask later) {
        boolean writes = earlier.kind() == AtaTask.Kind.WRITE;
        boolean overlap =
                earlier.lba() < later.lba() + later.sectors()
                        && later.lba() < earlier.lba() + earlier.sectors();
        return switch (later.kind()) {
            case FLUSH -> writes;
            case WRITE -> overlap;
            default -> writes && overlap;
        };
    }

    @Property(tries = 300)
    void aConflictIsNeverOverlooked(@ForAll long seed) {
        Random random = new Random(seed);
        ConflictFilter filter = new ConflictFilter();
        List<PendingRequest> active = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            PendingRequest next = any(random);
            if (active.stream().anyMatch(earlier -> conflict(earlier.task, next.task))) {
                assertTrue(filter.mayConflict(next.task), "seed " + seed);
            }
            assertTrue(active.stream().allMatch(one -> filter.mayContain(one.tag)));
            filter.add(next);
            active.add(next);
            while (active.size() > random.nextInt(64)) {
                filter.remove(active.remove(random.nextInt(active.size())));
            }
        }
    }

    @Example
    void strangersAreToldApart() {
        ConflictFilter filter = new ConflictFilter();
        filter.add(request(AtaFrame.WRITE_EXT, 7, 2, 100));
        filter.add(request(AtaFrame.READ_EXT, 8, 2, 200));
        assertFalse(filter.mayContain(9));
        assertFalse(filter.mayConflict(request(AtaFrame.READ_EXT, 9, 2, 102).task));
        assertFalse(filter.mayConflict(request(AtaFrame.READ_EXT, 9, 2, 200).task));
        assertFalse(filter.mayConflict(request(AtaFrame.WRITE_EXT, 9, 4, 202).task));
        assertTrue(filter.mayConflict(request(AtaFrame.WRITE_EXT, 9, 3, 198).task));
        filter.remove(request(AtaFrame.WRITE_EXT, 7, 2, 100));
        assertFalse(filter.mayConflict(request(AtaFrame.READ_EXT, 9, 2, 100).task));
        assertFalse(filter.mayConflict(request(AtaFrame.FLUSH_EXT, 9, 0, 0).task));
    }
}
