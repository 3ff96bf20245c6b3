// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What a disk did is never found wrong, and what is found wrong no disk can have done. */
class SectorHistoryProperties {
    private static final int STEPS = 400;

    @Property(tries = 2000)
    void whatADiskDidIsNeverWrong(@ForAll long seed, @ForAll boolean ordered) {
        SectorModel model = new SectorModel(ordered, new SplittableRandom(seed));
        for (int i = 0; i < STEPS; i++) {
            Contradiction contradiction = model.step();
            assertNull(contradiction, () -> "seed " + seed + ": " + contradiction);
        }
        assertNull(model.end(), () -> "seed " + seed);
        assertNull(model.read(model.held()), () -> "seed " + seed);
    }

    /** In order the last value is known for certain once everything has ended. */
    @Property(tries = 1000)
    void anotherValueThanTheLastIsFound(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SectorModel model = new SectorModel(true, random);
        for (int i = 0; i < STEPS; i++) {
            model.step();
        }
        assertNull(model.end());
        assertNull(model.read(model.held()));
        long other = random.nextLong(model.values() + 2);
        if (other != model.held()) {
            assertNotNull(model.read(other), () -> "seed " + seed);
        }
    }

    /** A write or read with the moments between which it took effect. */
    private record Operation(long value, long begin, long end, boolean write) {}

    /** Five writes of three values and three reads with random moments and results. */
    private static List<Operation> small(SplittableRandom random) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean write = i < 5;
            long begin = 10L * random.nextInt(12) + i;
            long end = begin + 10L * random.nextInt(8) + 9;
            boolean pending = write && random.nextInt(3) == 0;
            long value = 1 + random.nextLong(3);
            operations.add(new Operation(value, begin, pending ? WriteCopy.NEVER : end, write));
        }
        return operations;
    }

    @Example
    void whatIsFoundWrongNoOrderExplains() {
        int found = 0;
        int impossible = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            List<Operation> operations = small(new SplittableRandom(seed));
            boolean wrong = isWrong(operations);
            boolean possible = possible(operations, 0, new boolean[operations.size()]);
            found += wrong ? 1 : 0;
            impossible += possible ? 0 : 1;
            assertTrue(!wrong || !possible, "seed " + seed + ": " + operations);
        }
        assertEquals(impossible, found, impossible * 0.1, "much of what is impossible is found");
    }

    /** Shows the operations to a history in the order in which a host would learn of them. */
    private static boolean isWrong(List<Operation> operations) {
        SectorHistory history = new SectorHistory();
        List<Operation> events = new ArrayList<>(operations);
        events.sort((a, b) -> Long.compare(a.begin, b.begin));
        for (Operation one : events) {
            if (one.write) {
                history.sent(new WriteCopy(one.value, one.begin, one.end, ""));
            }
        }
        events.sort((a, b) -> Long.compare(a.end, b.end));
        boolean wrong = false;
        for (Operation one : events) {
            if (!one.write) {
                wrong |= history.read(one.value, one.begin, one.end, "") != null;
            } else if (one.end != WriteCopy.NEVER) {
                history.written(Observation.written(one.value, one.begin, one.end, ""));
            }
        }
        return wrong;
    }

    /** By trying all orders: whether the rest can follow when the sector holds the value. */
    private static boolean possible(List<Operation> operations, long held, boolean[] done) {
        boolean all = true;
        for (int i = 0; i < done.length; i++) {
            Operation next = operations.get(i);
            if (done[i]) {
                continue;
            }
            all &= next.end == WriteCopy.NEVER;
            if (mayBeNext(operations, done, next) && (next.write || next.value == held)) {
                done[i] = true;
                boolean possible = possible(operations, next.write ? next.value : held, done);
                done[i] = false;
                if (possible) {
                    return true;
                }
            }
        }
        return all;
    }

    private static boolean mayBeNext(List<Operation> operations, boolean[] done, Operation next) {
        for (int i = 0; i < done.length; i++) {
            if (!done[i] && operations.get(i).end < next.begin) {
                return false;
            }
        }
        return true;
    }
}
