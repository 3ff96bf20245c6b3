// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any sequence of requests leaves every store with the same bytes as a plain array. */
class StorePropertiesTest {
    private static final int SECTORS = 200;

    private record Step(boolean write, int lba, int sectors, long seed) {}

    private long nowNs;

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, SECTORS + 10),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.longs())
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 60)
    void fileIsAnArray(@ForAll("steps") List<Step> steps) throws IOException {
        follow(steps, file(false));
    }

    @Property(tries = 60)
    void directFileIsAnArray(@ForAll("steps") List<Step> steps) throws IOException {
        follow(steps, file(true));
    }

    @Property(tries = 200)
    void slowWindowIsAnArray(@ForAll("steps") List<Step> steps) throws IOException {
        StoreFaults slow = new StoreFaults(1, 0, StoreStatus.OK, 1000);
        FaultyStore store = new FaultyStore(MemoryStore.direct(500), slow, () -> nowNs);
        follow(steps, new SliceStore(store, 33, SECTORS));
    }

    private static BlockStore file(boolean direct) throws IOException {
        StoreOptions options = new StoreOptions(direct, false, false, 0, 0);
        return Stores.open(Disks.image(Disks.directory(), SECTORS * 512L), options);
    }

    private void follow(List<Step> steps, BlockStore opened) throws IOException {
        byte[] model = new byte[SECTORS * 512];
        try (BlockStore store = opened) {
            StoreDriver driver = new StoreDriver(store, () -> nowNs += 100);
            for (Step step : steps) {
                boolean inside = step.lba + step.sectors <= SECTORS;
                StoreStatus expected = inside ? StoreStatus.OK : StoreStatus.OUT_OF_RANGE;
                byte[] data = Patterns.random(step.seed, step.sectors * 512);
                if (step.write) {
                    assertEquals(expected, driver.write(step.lba, data), step.toString());
                    if (inside) {
                        System.arraycopy(data, 0, model, step.lba * 512, data.length);
                    }
                } else {
                    assertEquals(expected, driver.readStatus(step.lba, step.sectors));
                }
            }
            assertArrayEquals(model, driver.read(0, SECTORS));
        }
    }
}
