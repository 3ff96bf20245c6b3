// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MacTableTest {
    private static final int CAPACITY = 40;

    /** Few addresses and a full table, so that they push each other around. */
    @Property(tries = 300)
    void anyOrderOfPutsAndRemovesIsKeptAsAMapKeepsIt(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        MacTable table = new MacTable();
        Map<Long, Integer> model = new HashMap<>();
        for (int step = 0; step < 400; step++) {
            long mac = 1 + random.nextLong(60);
            if (random.nextInt(3) > 0 && (model.size() < CAPACITY || model.containsKey(mac))) {
                table.put(mac, step);
                model.put(mac, step);
            } else {
                table.remove(mac);
                model.remove(mac);
            }
            for (long any = 0; any <= 61; any++) {
                assertEquals(model.getOrDefault(any, MacTable.ABSENT), table.get(any));
            }
        }
        table.clear();
        for (long any = 0; any <= 61; any++) {
            assertEquals(MacTable.ABSENT, table.get(any));
        }
    }
}
