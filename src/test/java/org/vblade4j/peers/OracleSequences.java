// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.util.Random;

/** Valid requests at random: what a well-behaved but restless set of clients would send. */
final class OracleSequences {
    private static final int STEPS = 200;
    private static final int LBAS = 40;
    private static final String[] STRINGS = {"", "a", "ab", "abc", "b", "a long config string"};

    private final Random random;

    private OracleSequences(long seed) {
        random = new Random(seed);
    }

    static OracleCase of(long seed) {
        OracleSequences sequence = new OracleSequences(seed);
        OracleCase steps = OracleCase.of("seed " + seed);
        for (int i = 0; i < STEPS; i++) {
            sequence.addTo(steps);
        }
        return steps;
    }

    private void addTo(OracleCase steps) {
        int count = 1 + random.nextInt(2);
        long lba = random.nextInt(LBAS);
        switch (random.nextInt(8)) {
            case 0 -> steps.then("read", client(Request.read(lba, count)));
            case 1 -> steps.then("read 28", client(Request.read28(lba, count)));
            case 2 -> steps.then("write", client(Request.write(lba, count, data(count))));
            case 3 -> steps.then("write 28", client(Request.write28(lba, count, data(count))));
            case 4 -> steps.then("reserve", client(reserve()));
            case 5 -> steps.then("identify", client(Request.ata(0xec, 1)));
            default -> steps.then("config", client(config()));
        }
    }

    private Request config() {
        return Request.config(random.nextInt(5), STRINGS[random.nextInt(STRINGS.length)]);
    }

    private Request reserve() {
        return switch (random.nextInt(4)) {
            case 0 -> Request.reserve(0);
            case 1 -> Request.reserve(1 + random.nextInt(2));
            case 2 -> Request.reserve(1 + random.nextInt(2), Request.CLIENT_MAC);
            default ->
                    Request.reserve(
                            1 + random.nextInt(2), Request.CLIENT_MAC, Request.STRANGER_MAC);
        };
    }

    private Request client(Request request) {
        return random.nextInt(4) == 0 ? request.from(Request.STRANGER_MAC) : request;
    }

    private byte[] data(int sectors) {
        return OracleCases.data(sectors, random.nextInt());
    }
}
