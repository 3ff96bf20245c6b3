// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.GoldenFrames;

/**
 * However a store interleaves what it is given, hosts must see what they would have seen had every
 * request run alone, in order of arrival. The store of this test completes at random, some inside
 * submit, and fails when overlapping requests are in progress together.
 */
class RequestOrderTest {
    private static final int SECTORS = 12;

    private enum Kind {
        READ,
        WRITE,
        FLUSH,
        COMPLETE_ONE
    }

    private record Step(Kind kind, int lba, int sectors) {}

    /** Sectors hold the number of the write that filled them; so do the model's. */
    private static final class Run {
        final Random random;
        final HeldStore store;
        final TargetRig rig;
        final int[] model = new int[SECTORS];
        final List<Step> requests = new ArrayList<>();
        final List<int[]> expected = new ArrayList<>();
        final Set<Integer> answered = new HashSet<>();

        Run(long seed) {
            random = new Random(seed);
            store = new HeldStore(SECTORS).eagerAtRandom(random);
            rig = new TargetRig(store, new FakePort(GoldenFrames.TARGET, 9000, 24));
        }

        void take(Step step) {
            if (step.kind == Kind.COMPLETE_ONE) {
                if (store.held() > 0) {
                    store.complete(random.nextInt(store.held()));
                }
            } else {
                request(step);
            }
            checkAnswers();
        }

        private void request(Step step) {
            int tag = requests.size();
            long drops = rig.counters.value(Counter.SLOT_DROPS);
            int[] before = Arrays.copyOfRange(model, step.lba, step.lba + step.sectors);
            requests.add(step);
            expected.add(before);
            rig.receive(frame(step, tag).tag(tag).bytes());
            if (rig.counters.value(Counter.SLOT_DROPS) > drops) {
                requests.remove(tag);
                expected.remove(tag);
            } else if (step.kind == Kind.WRITE) {
                Arrays.fill(model, step.lba, step.lba + step.sectors, tag + 1);
            }
        }

        private static Request frame(Step step, int tag) {
            return switch (step.kind) {
                case READ -> Request.ata(AtaFrame.READ_EXT, step.sectors, step.lba);
                case WRITE -> {
                    ByteBuffer data = ByteBuffer.allocate(512 * step.sectors);
                    for (int i = 0; i < step.sectors; i++) {
                        data.putInt(512 * i, tag + 1).putInt(512 * i + 508, tag + 1);
                    }
                    yield Request.write(step.lba, data.array());
                }
                default -> Request.ata(AtaFrame.FLUSH_EXT, 0, 0);
            };
        }

        private void checkAnswers() {
            for (byte[] bytes : rig.sent()) {
                ByteBuffer answer = ByteBuffer.wrap(bytes);
                int tag = AoeFrame.tag(answer, 0);
                assertEquals(AtaFrame.STATUS_READY, AtaFrame.status(answer, 0));
                assertTrue(answered.add(tag), "answered once");
                Step step = requests.get(tag);
                if (step.kind == Kind.READ) {
                    checkData(step, expected.get(tag), answer);
                } else if (step.kind == Kind.FLUSH) {
                    checkFlushed(tag);
                }
            }
        }

        private static void checkData(Step step, int[] writes, ByteBuffer answer) {
            for (int i = 0; i < step.sectors; i++) {
                int at = AtaFrame.DATA_OFFSET + 512 * i;
                assertEquals(writes[i], answer.getInt(at), "lba " + (step.lba + i));
                assertEquals(writes[i], answer.getInt(at + 508), "lba " + (step.lba + i));
            }
        }

        private void checkFlushed(int flushTag) {
            for (int tag = 0; tag < flushTag; tag++) {
                if (requests.get(tag).kind == Kind.WRITE) {
                    assertTrue(answered.contains(tag), "write " + tag + " was before the flush");
                }
            }
        }

        void end() {
            while (store.held() > 0) {
                store.complete(random.nextInt(store.held()));
            }
            checkAnswers();
            assertEquals(requests.size(), answered.size(), "all answered");
            assertTrue(rig.target.idle());
            assertEquals(0, rig.port.claimed);
            ByteBuffer disk = ByteBuffer.wrap(new StoreDriver(store.memory()).read(0, SECTORS));
            for (int i = 0; i < SECTORS; i++) {
                assertEquals(model[i], disk.getInt(512 * i), "lba " + i);
            }
        }
    }

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Kind> kinds =
                Arbitraries.frequency(
                        Tuple.of(4, Kind.WRITE),
                        Tuple.of(3, Kind.READ),
                        Tuple.of(1, Kind.FLUSH),
                        Tuple.of(5, Kind.COMPLETE_ONE));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, SECTORS - 4),
                        Arbitraries.integers().between(1, 4))
                .as(Step::new);
    }

    @Property(tries = 800)
    void everyInterleavingLooksLikeArrivalOrder(
            @ForAll @Size(min = 1, max = 120) List<@From("steps") Step> steps, @ForAll long seed) {
        Run run = new Run(seed);
        for (Step step : steps) {
            run.take(step);
        }
        run.end();
    }
}
