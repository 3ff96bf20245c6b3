// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import java.util.zip.CRC32;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;

/**
 * Asks a network whether another target has an address, and does not believe everybody who says so.
 * A target answers with the tag that it was asked with, answers a second question as it answered
 * the first, and is silent about addresses that it does not serve. Who answers for two addresses
 * drawn at random, too, answers for everything: a *pretender*, as is who cannot be asked again.
 */
final class RivalProbe {
    static final int BATCH = 64;

    /** A network has one other target at an address, or few; more are made up. */
    private static final int MAX_STATIONS = 64;

    private static final int DECOYS = 2;
    private static final int ROUNDS = 4;
    private static final int LAST_SHELF = 0xfffe;
    private static final int LAST_SLOT = 0xfe;

    private final EthernetPort port;
    private final AoeAddress address;
    private final LongPredicate foreign;
    private final SplittableRandom random;
    private final AoeAddress[] asked = new AoeAddress[1 + DECOYS];
    private final int[][] tags = new int[2 + ROUNDS][1 + DECOYS];
    private final Map<Long, Claimant> claimants = new LinkedHashMap<>();
    private int rounds;

    /** A station that has answered for the address. */
    private static final class Claimant {
        private long contents;
        private int answeredRound = -1;
        private boolean confirmed;
        private int decoys;
    }

    /**
     * @param foreign whether a hardware address is another machine's
     */
    RivalProbe(
            EthernetPort port, AoeAddress address, LongPredicate foreign, SplittableRandom random) {
        this.port = port;
        this.address = address;
        this.foreign = foreign;
        this.random = random;
        asked[0] = address;
        for (int i = 1; i <= DECOYS; i++) {
            asked[i] = decoy(asked[i - 1]);
        }
    }

    private AoeAddress decoy(AoeAddress other) {
        AoeAddress drawn;
        do {
            drawn = new AoeAddress(random.nextInt(LAST_SHELF + 1), random.nextInt(LAST_SLOT + 1));
        } while (drawn.equals(address) || drawn.equals(other));
        return drawn;
    }

    /** Listens for so long; if somebody has answered, twice as long to find out who it is. */
    void run(long listenNs) throws PortException {
        for (int half = 0; half < 2 && claimants.isEmpty(); half++) {
            ask(1, listenNs / 2, true);
        }
        for (int again = 0; again < ROUNDS && !claimants.isEmpty(); again++) {
            ask(1 + DECOYS, listenNs / 2, false);
        }
    }

    private void ask(int addresses, long listenNs, boolean enoughIsOne) throws PortException {
        for (int i = 0; i < addresses; i++) {
            tags[rounds][i] = Aoe.TAG_USER_SPACE | random.nextInt(1, Integer.MAX_VALUE);
            query(asked[i], tags[rounds][i]);
        }
        rounds++;
        port.flush();
        long startNs = System.nanoTime();
        long leftNs = listenNs;
        while (leftNs > 0 && !(enoughIsOne && !claimants.isEmpty())) {
            port.await(leftNs);
            port.receive(this::onFrame, BATCH);
            leftNs = listenNs - (System.nanoTime() - startNs);
        }
    }

    private void query(AoeAddress of, int tag) {
        int slot = port.claim();
        if (slot < 0) {
            return; // the next round asks again
        }
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(slot);
        AoeFrame.putEthernet(buffer, at, Mac.BROADCAST, port.mac());
        AoeFrame.putAoe(buffer, at, 0, of.shelf(), of.slot(), Aoe.COMMAND_CONFIG, tag);
        ConfigFrame.putRequest(buffer, at, ConfigFrame.READ, 0);
        port.commit(slot, AoeFrame.pad(buffer, at, ConfigFrame.STRING_OFFSET));
    }

    private void onFrame(ByteBuffer frame, int offset, int lengthBytes) {
        if (lengthBytes < ConfigFrame.STRING_OFFSET
                || !AoeFrame.isResponse(frame, offset)
                || !foreign.test(AoeFrame.source(frame, offset))) {
            return;
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < asked.length; i++) {
                if (AoeFrame.tag(frame, offset) == tags[round][i]
                        && AoeFrame.major(frame, offset) == asked[i].shelf()
                        && AoeFrame.minor(frame, offset) == asked[i].slot()) {
                    long source = AoeFrame.source(frame, offset);
                    note(round, i, source, contents(frame, offset, lengthBytes));
                }
            }
        }
    }

    private void note(int round, int which, long source, long contents) {
        Claimant claimant = claimants.get(source);
        if (claimant == null && claimants.size() < MAX_STATIONS && which == 0) {
            claimant = new Claimant();
            claimants.put(source, claimant);
        }
        if (claimant == null) {
            return;
        }
        if (which > 0) {
            claimant.decoys |= 1 << which;
        } else {
            claimant.confirmed |=
                    claimant.answeredRound >= 0
                            && claimant.answeredRound != round
                            && claimant.contents == contents;
            claimant.answeredRound = round;
            claimant.contents = contents;
        }
    }

    /** Of what does not depend on the question: buffer count to config string. */
    private static long contents(ByteBuffer frame, int offset, int lengthBytes) {
        CRC32 sum = new CRC32();
        int from = AoeFrame.HEADER_BYTES;
        int to = ConfigFrame.STRING_OFFSET + ConfigFrame.stringBytes(frame, offset);
        for (int i = from; i < Math.min(to, lengthBytes); i++) {
            sum.update(frame.get(offset + i));
        }
        return sum.getValue();
    }

    /** A second target, if there is one. */
    OptionalLong rival() {
        return claimants.entrySet().stream()
                .filter(entry -> isTarget(entry.getValue()))
                .mapToLong(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isTarget(Claimant claimant) {
        return claimant.confirmed && Integer.bitCount(claimant.decoys) < DECOYS;
    }

    /** Stations that have answered and are no target: how many, not more than are noted. */
    int pretenders() {
        return (int) claimants.values().stream().filter(claimant -> !isTarget(claimant)).count();
    }

    /** One of the pretenders, in words; empty when there is none. */
    String pretender() {
        return claimants.entrySet().stream()
                .filter(entry -> !isTarget(entry.getValue()))
                .findFirst()
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .orElse("");
    }

    private String describe(long mac, Claimant claimant) {
        return Mac.format(mac)
                + (Integer.bitCount(claimant.decoys) == DECOYS
                        ? " answers as " + address + ", as " + asked[1] + " and as " + asked[2]
                        : " has answered as " + address + " and not again");
    }
}
