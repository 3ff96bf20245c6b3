// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineBudgetTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final LineBudget budget = new LineBudget();
    private long nowNs = Long.MAX_VALUE - 5000 * MS; // the clock's sign changes under way

    private int logged(int lines) {
        int logged = 0;
        for (int i = 0; i < lines; i++) {
            logged += budget.take(nowNs) ? 1 : 0;
        }
        return logged;
    }

    @Test
    void someLinesAtOnceThenOneASecondAndTheRestIsCounted() {
        assertEquals(LineBudget.AT_ONCE, logged(1000));
        assertEquals(1000 - LineBudget.AT_ONCE, budget.takeLeftOut());
        assertEquals(0, budget.takeLeftOut());
        int later = 0;
        for (int ms = 0; ms < 20_000; ms += 10) {
            nowNs += 10 * MS;
            later += logged(1);
        }
        assertEquals(20, later);
        nowNs += 3000 * MS;
        assertEquals(3, logged(1000));
    }
}
