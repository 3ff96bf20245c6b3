// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;

/** Who is believed to be a second target at an address. */
@Timeout(60)
class RivalProbeTest {
    private static final AoeAddress ADDRESS = new AoeAddress(1, 2);
    private static final long RIVAL = 0x0200_0000_0e01L;
    private static final long OURS = 0x0200_0000_0e02L;
    private static final long LISTEN_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final MemoryLan lan = new MemoryLan();
    private final RivalProbe probe =
            new RivalProbe(port(OURS), ADDRESS, mac -> mac != OURS, new SplittableRandom(1));
    private int asked;

    /** What a station on the network does about the question in the frame. */
    @FunctionalInterface
    private interface Station {
        void hear(AoeAddress address, int tag) throws PortException;
    }

    private EthernetPort port(long mac) {
        PortOptions how = PortOptions.forInitiator("lan", 256, 32);
        return lan.connect(how, mac, 1500, new Counters());
    }

    private void answer(Station station) {
        lan.watch(
                (frame, offset, length) -> {
                    if (!AoeFrame.isResponse(frame, offset)) {
                        int shelf = AoeFrame.major(frame, offset);
                        AoeAddress of = new AoeAddress(shelf, AoeFrame.minor(frame, offset));
                        asked += of.equals(ADDRESS) ? 1 : 0;
                        try {
                            station.hear(of, AoeFrame.tag(frame, offset));
                        } catch (PortException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
    }

    private static void say(EthernetPort from, AoeAddress as, int tag, String config)
            throws PortException {
        int slot = from.claim();
        ByteBuffer buffer = from.slots();
        int at = from.slotOffset(slot);
        AoeFrame.putEthernet(buffer, at, OURS, from.mac());
        AoeFrame.putAoe(
                buffer, at, Aoe.FLAG_RESPONSE, as.shelf(), as.slot(), Aoe.COMMAND_CONFIG, tag);
        ConfigFrame.putResponse(buffer, at, 16, 1, 2, ConfigFrame.READ);
        ConfigFrame.putStringBytes(buffer, at, config.length());
        for (int i = 0; i < config.length(); i++) {
            buffer.put(at + ConfigFrame.STRING_OFFSET + i, (byte) config.charAt(i));
        }
        from.commit(slot, AoeFrame.pad(buffer, at, ConfigFrame.STRING_OFFSET + config.length()));
        from.flush();
    }

    private void expect(boolean rival, int pretenders) throws PortException {
        probe.run(LISTEN_NS);
        assertEquals(rival ? OptionalLong.of(RIVAL) : OptionalLong.empty(), probe.rival());
        assertEquals(pretenders, probe.pretenders());
    }

    @Test
    void silenceIsNobody() throws PortException {
        answer((address, tag) -> {});
        expect(false, 0);
        assertEquals(2, asked, "once more, in case the first question was lost");
        assertEquals("", probe.pretender());
    }

    @Test
    void whoAnswersForTheAddressAloneIsATarget() throws PortException {
        EthernetPort rival = port(RIVAL);
        answer(
                (address, tag) -> {
                    if (address.equals(ADDRESS)) {
                        say(rival, address, tag, "label");
                    }
                });
        expect(true, 0);
    }

    @Test
    void aTargetThatMissesQuestionsIsOneAllTheSame() throws PortException {
        EthernetPort rival = port(RIVAL);
        answer(
                (address, tag) -> {
                    if (address.equals(ADDRESS) && asked % 2 == 0) {
                        say(rival, address, tag, "");
                    }
                });
        expect(true, 0);
    }

    @Test
    void aTargetThatIsSlowIsOneAllTheSame() throws PortException {
        EthernetPort rival = port(RIVAL);
        int[] earlier = {0};
        answer(
                (address, tag) -> {
                    if (address.equals(ADDRESS)) {
                        if (earlier[0] != 0) { // when the next question comes it answers this one
                            say(rival, address, earlier[0], "");
                        }
                        earlier[0] = tag;
                    }
                });
        expect(true, 0);
    }

    @Test
    void whoAnswersForEveryAddressIsNone() throws PortException {
        EthernetPort rival = port(RIVAL);
        answer((address, tag) -> say(rival, address, tag, ""));
        expect(false, 1);
        String who = probe.pretender();
        assertTrue(who.startsWith("02:00:00:00:0e:01 answers as e1.2, as e"), who);
    }

    @Test
    void whoAnswersOnceIsNone() throws PortException {
        EthernetPort rival = port(RIVAL);
        answer(
                (address, tag) -> {
                    if (asked == 1) {
                        say(rival, address, tag, "");
                    }
                });
        expect(false, 1);
        assertEquals("02:00:00:00:0e:01 has answered as e1.2 and not again", probe.pretender());
    }

    @Test
    void whoSaysSomethingElseEachTimeIsNone() throws PortException {
        EthernetPort rival = port(RIVAL);
        answer(
                (address, tag) -> {
                    if (address.equals(ADDRESS)) {
                        say(rival, address, tag, "label " + asked);
                    }
                });
        expect(false, 1);
    }

    @Test
    void whoWasNotAskedIsNotHeard() throws PortException {
        EthernetPort rival = port(RIVAL);
        answer((address, tag) -> say(rival, ADDRESS, tag + 1, ""));
        expect(false, 0);
    }

    @Test
    void ofManyWhoAnswerFewAreRememberedAndATargetIsFound() throws PortException {
        EthernetPort[] forged = new EthernetPort[200];
        for (int i = 0; i < forged.length; i++) {
            forged[i] = port(0x0600_0000_0000L + i);
        }
        EthernetPort rival = port(RIVAL);
        answer(
                (address, tag) -> {
                    if (address.equals(ADDRESS)) {
                        say(rival, address, tag, "");
                        for (int i = 0; i < 50; i++) {
                            say(forged[(asked * 50 + i) % forged.length], address, tag, "" + asked);
                        }
                    }
                });
        probe.run(LISTEN_NS);
        assertEquals(OptionalLong.of(RIVAL), probe.rival());
        assertEquals(63, probe.pretenders());
    }
}
