// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

/** Nothing but zeros. */
public final class ExpectedZeros implements Comparison.Expected {
    @Override
    public String name() {
        return "zeros";
    }

    @Override
    public boolean matches(Chunk chunk, int at, int bytes) {
        return chunk.isZero(at, at + bytes);
    }
}
