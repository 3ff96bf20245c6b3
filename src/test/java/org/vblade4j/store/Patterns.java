// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.util.Random;

/** Seeded test data. */
public final class Patterns {
    private Patterns() {}

    public static byte[] random(long seed, int bytes) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return data;
    }
}
