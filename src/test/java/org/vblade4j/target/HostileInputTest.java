// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * Odd and hostile frames, numbered as in the project's list of them; 22 to 32 concern ATA and are
 * in {@link HostileAtaInputTest}. Numbers 8 and 9 are first of all the port's, which sees packet
 * types and VLAN tags.
 */
class HostileInputTest {
    private static final long STRANGER = 0x0200_0000_0099L;
    private static final long FRIEND = 0x0200_0000_000bL;
    private final TargetRig rig = new TargetRig();

    @Test
    void hostile01_framesShorterThanTheirCommandAreDropped() {
        byte[][] frames = {
            Request.ata(AtaFrame.IDENTIFY, 1, 0).bytes(),
            Request.config(ConfigFrame.READ, "").bytes(),
            Request.maskRead().bytes(),
            Request.reserve(ReserveFrame.READ).bytes(),
            Request.command(7).bytes()
        };
        for (byte[] frame : frames) {
            for (int length = 0; length < frame.length; length++) {
                Request cut = Request.command(0).length(0).append(frame).length(length);
                rig.expectSilence(cut, Counter.RUNT_DROPS);
            }
            rig.ask(Request.command(0).length(0).append(frame));
        }
    }

    @Test
    void hostile02_responsesAreNeverAnswered() {
        for (int command = 0; command < 256; command++) {
            Request response = Request.command(command).length(1060).with(14, 0x18);
            rig.expectSilence(response, Counter.RESPONSE_DROPS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 15})
    void hostile03_otherVersionsAreAnsweredWithError5InVersion1(int version) {
        Request request = Request.config(ConfigFrame.READ, "").with(14, version << 4);
        ByteBuffer answer = rig.expectError(request, AoeError.UNSUPPORTED_VERSION);
        assertEquals(60, answer.capacity());
        rig.expectSilence(request.everywhere(), Counter.WILDCARD_DROPS);
    }

    @Test
    void hostile04_strayHeaderBitsOfARequestAreNotEchoed() {
        Request request = Request.config(ConfigFrame.READ, "").with(14, 0x17).with(15, 9);
        ByteBuffer answer = rig.ask(request);
        assertEquals(0x18, answer.get(14));
        assertEquals(0, answer.get(15));
    }

    @Test
    void hostile05_unknownCommandAnswersError1In60Bytes() {
        for (int command = 4; command < 0xf0; command++) {
            Request request = Request.command(command).length(1514);
            ByteBuffer answer = rig.expectError(request, AoeError.BAD_COMMAND);
            assertEquals(60, answer.capacity());
        }
    }

    @Test
    void hostile06_vendorCommandsAreDropped() {
        for (int command = 0xf0; command <= 0xff; command++) {
            rig.expectSilence(Request.command(command).length(100), Counter.VENDOR_DROPS);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Mac.BROADCAST, 0x0100_5e00_0001L, GoldenFrames.TARGET})
    void hostile07_sourcesThatCannotBeAnsweredAreDropped(long source) {
        Request request = Request.config(ConfigFrame.READ, "").from(source);
        rig.expectSilence(request, Counter.SOURCE_DROPS);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0200_0000_0015L, 0x0180_c200_0000L, 0})
    void hostile08_framesForOtherStationsAreDropped(long destination) {
        Request request = Request.config(ConfigFrame.READ, "").to(destination);
        rig.expectSilence(request, Counter.OTHER_HOST_DROPS);
    }

    @Test
    void hostile09_aTagThatWasNotRemovedIsAnotherEthertype() {
        Request tagged = Request.config(ConfigFrame.READ, "").with(12, 0x81).with(13, 0);
        rig.expectSilence(tagged, Counter.FOREIGN_DROPS);
    }

    @Test
    void hostile10_wildcardQueriesAreAnsweredWithTheOwnAddress() {
        rig.ask(Request.config(ConfigFrame.SET, "label"));
        for (int[] at : new int[][] {{0xffff, 0xff}, {0xffff, 1}, {1, 0xff}}) {
            rig.ask(Request.config(ConfigFrame.READ, "").at(at[0], at[1]));
            rig.ask(Request.config(ConfigFrame.TEST, "label").at(at[0], at[1]));
            rig.ask(Request.config(ConfigFrame.PREFIX, "la").at(at[0], at[1]));
        }
        for (int[] at : new int[][] {{0xffff, 2}, {2, 0xff}, {2, 1}, {1, 2}, {0x0100, 1}}) {
            Request other = Request.config(ConfigFrame.READ, "").at(at[0], at[1]);
            rig.expectSilence(other, Counter.FOREIGN_DROPS);
        }
    }

    @Test
    void hostile11_wildcardRequestsThatDoMoreThanAskWhoIsThereAreDropped() {
        List<Request> requests =
                List.of(
                        Request.write(0, new byte[512]),
                        Request.ata(AtaFrame.READ_EXT, 1, 0),
                        Request.ata(AtaFrame.IDENTIFY, 1, 0),
                        Request.ata(AtaFrame.CHECK_POWER_MODE, 0, 0),
                        Request.ata(AtaFrame.FLUSH, 0, 0),
                        Request.ata(0x06, 1, 0),
                        Request.config(ConfigFrame.SET, "mine"),
                        Request.config(ConfigFrame.FORCE_SET, "mine"),
                        Request.config(9, ""),
                        Request.maskRead(),
                        Request.maskEdit(1).directive(MaskFrame.DIRECTIVE_ADD, FRIEND),
                        Request.reserve(ReserveFrame.READ),
                        Request.reserve(ReserveFrame.SET, FRIEND),
                        Request.command(7));
        for (Request request : requests) {
            rig.expectSilence(request.at(0xffff, 0xff), Counter.WILDCARD_DROPS);
            rig.expectSilence(request.at(0xffff, 1), Counter.WILDCARD_DROPS);
            rig.expectSilence(request.at(1, 0xff), Counter.WILDCARD_DROPS);
        }
        assertEquals("", rig.configString());
        assertEquals(List.of(), rig.maskList());
        assertEquals(List.of(), rig.reservation());
        assertEquals(0, rig.counters.value(Counter.WRITES));
    }

    @Test
    void hostile12_aMaskListSilencesStrangersForEveryCommand() {
        TargetRig masked = new TargetRig(MemoryStore.heap(8), FRIEND, GoldenFrames.CLIENT);
        List<Request> requests =
                List.of(
                        Request.config(ConfigFrame.READ, ""),
                        Request.config(ConfigFrame.READ, "").everywhere(),
                        Request.ata(AtaFrame.IDENTIFY, 1, 0),
                        Request.maskRead(),
                        Request.reserve(ReserveFrame.READ),
                        Request.command(7),
                        Request.config(ConfigFrame.READ, "").with(14, 0x20));
        for (Request request : requests) {
            masked.expectSilence(request.from(STRANGER), Counter.MASKED_DROPS);
            masked.ask(request.from(FRIEND));
        }
    }

    @Test
    void hostile13_aMaskEditThatClaimsMoreThanItCarriesDoesNothing() {
        rig.expectError(
                Request.maskEdit(2).directive(MaskFrame.DIRECTIVE_ADD, FRIEND),
                AoeError.BAD_ARGUMENT);
        rig.expectError(Request.maskEdit(255), AoeError.BAD_ARGUMENT);
        assertEquals(List.of(), rig.maskList());
    }

    @Test
    void hostile14_addingTwiceAndDeletingTheMissingAreNotErrors() {
        Request edit =
                Request.maskEdit(5)
                        .directive(MaskFrame.DIRECTIVE_ADD, GoldenFrames.CLIENT)
                        .directive(MaskFrame.DIRECTIVE_ADD, FRIEND)
                        .directive(MaskFrame.DIRECTIVE_NONE, STRANGER)
                        .directive(MaskFrame.DIRECTIVE_ADD, FRIEND)
                        .directive(MaskFrame.DIRECTIVE_DELETE, STRANGER);
        assertEquals(0, MaskFrame.error(rig.ask(edit), 0));
        assertEquals(List.of(GoldenFrames.CLIENT, FRIEND), rig.maskList());
    }

    @Test
    void hostile14_addThenDeleteLeavesAnEmptyList() {
        Request edit =
                Request.maskEdit(2)
                        .directive(MaskFrame.DIRECTIVE_ADD, STRANGER)
                        .directive(MaskFrame.DIRECTIVE_DELETE, STRANGER);
        rig.ask(edit);
        assertEquals(List.of(), rig.maskList());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 128, 255})
    void hostile14_aBadDirectiveIsNamedByItsIndexAndEarlierOnesStay(int directive) {
        Request edit =
                Request.maskEdit(3)
                        .directive(MaskFrame.DIRECTIVE_ADD, GoldenFrames.CLIENT)
                        .directive(directive, FRIEND)
                        .directive(MaskFrame.DIRECTIVE_ADD, STRANGER);
        ByteBuffer answer = rig.ask(edit);
        assertEquals(0, AoeFrame.error(answer, 0));
        assertEquals(MaskFrame.ERROR_BAD_DIRECTIVE, MaskFrame.error(answer, 0));
        assertEquals(1, MaskFrame.count(answer, 0));
        assertEquals(List.of(GoldenFrames.CLIENT), rig.maskList());
    }

    @Test
    void hostile14_groupAndZeroAddressesAreBadDirectives() {
        for (long mac : new long[] {0, Mac.BROADCAST, 0x0100_0000_0001L}) {
            ByteBuffer answer =
                    rig.ask(Request.maskEdit(1).directive(MaskFrame.DIRECTIVE_ADD, mac));
            assertEquals(MaskFrame.ERROR_BAD_DIRECTIVE, MaskFrame.error(answer, 0));
        }
        assertEquals(List.of(), rig.maskList());
    }

    @Test
    void hostile14_theListEndsWhereOneAnswerEnds() {
        addMasks(1, 185);
        ByteBuffer answer = rig.ask(Request.maskEdit(1).directive(1, 0x0200_0001_ffffL));
        assertEquals(MaskFrame.ERROR_LIST_FULL, MaskFrame.error(answer, 0));
        assertEquals(0, MaskFrame.count(answer, 0));
        assertEquals(185, rig.maskList().size());
    }

    private void addMasks(int first, int count) {
        Request edit = Request.maskEdit(count).directive(1, GoldenFrames.CLIENT);
        IntStream.range(first, first + count - 1)
                .forEach(i -> edit.directive(1, 0x0200_0001_0000L + i));
        assertEquals(0, MaskFrame.error(rig.ask(edit), 0));
    }

    @Test
    void hostile15_anEditMayExcludeItsSenderWhoIsThenNotHeard() {
        Request edit = Request.maskEdit(1).directive(MaskFrame.DIRECTIVE_ADD, FRIEND);
        rig.ask(edit);
        rig.expectSilence(Request.maskRead(), Counter.MASKED_DROPS);
        rig.ask(Request.maskRead().from(FRIEND));
    }

    @Test
    void hostile15_aListThatTheOperatorConfiguredCannotBeEdited() {
        TargetRig guarded = new TargetRig(MemoryStore.heap(8), GoldenFrames.CLIENT);
        for (int directive : new int[] {MaskFrame.DIRECTIVE_ADD, MaskFrame.DIRECTIVE_DELETE}) {
            for (long mac : new long[] {FRIEND, GoldenFrames.CLIENT}) {
                guarded.expectError(
                        Request.maskEdit(1).directive(directive, mac), AoeError.BAD_ARGUMENT);
            }
        }
        guarded.expectSilence(Request.maskRead().from(FRIEND), Counter.MASKED_DROPS);
        guarded.ask(Request.maskRead());
    }

    @Test
    void hostile16_reserveWithMoreThanItCarriesOrAnUnknownOperationIsBad() {
        Request claimsMore = Request.reserve(ReserveFrame.SET, GoldenFrames.CLIENT).with(25, 2);
        rig.expectError(claimsMore, AoeError.BAD_ARGUMENT);
        for (int operation = 3; operation < 256; operation++) {
            rig.expectError(Request.reserve(operation), AoeError.BAD_ARGUMENT);
        }
        assertEquals(List.of(), rig.reservation());
    }

    @Test
    void hostile17_aReservationThatNoAnswerCouldShowIsRefused() {
        long[] macs = LongStream.range(0, 249).map(i -> 0x0200_0001_0000L + i).toArray();
        rig.expectError(Request.reserve(ReserveFrame.SET, macs), AoeError.BAD_ARGUMENT);
        assertEquals(List.of(), rig.reservation());
        macs = LongStream.range(0, 248).map(i -> 0x0200_0001_0000L + i).toArray();
        rig.ask(Request.reserve(ReserveFrame.SET, macs));
        assertEquals(248, rig.reservation().size());
        rig.port.mtuBytes = 1000;
        rig.expectError(Request.reserve(ReserveFrame.READ), AoeError.DEVICE_UNAVAILABLE);
    }

    @Test
    void hostile18_aConfigReadIsAnsweredWhateverLengthItClaims() {
        Request junk = Request.config(ConfigFrame.READ, new byte[1024]).with(32, 0xed);
        rig.ask(junk);
        rig.ask(Request.config(ConfigFrame.READ, "").with(30, 0xff).with(31, 0xff));
        assertEquals("", rig.configString());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {ConfigFrame.TEST, ConfigFrame.PREFIX, ConfigFrame.SET, ConfigFrame.FORCE_SET})
    void hostile19_configStringsLongerThanTheirFrameOrTheLimitAreDropped(int operation) {
        Request oneMore = Request.config(operation, "abc").with(31, 4);
        rig.expectSilence(oneMore, Counter.MALFORMED_DROPS);
        Request huge = Request.config(operation, "abc").with(30, 0xff);
        rig.expectSilence(huge, Counter.MALFORMED_DROPS);
        Request overLimit = Request.config(operation, new byte[1025]);
        rig.expectSilence(overLimit, Counter.MALFORMED_DROPS);
        assertEquals("", rig.configString());
    }

    @Test
    void hostile19_theLongestConfigStringIsKeptWhole() {
        String longest = "x".repeat(1023) + "y";
        rig.ask(Request.config(ConfigFrame.SET, longest));
        assertEquals(longest, rig.configString());
    }

    @Test
    void hostile20_configStringsAreStoredByteForByte() {
        String everyByte =
                IntStream.range(0, 256)
                        .collect(
                                StringBuilder::new,
                                (s, i) -> s.append((char) i),
                                StringBuilder::append)
                        .toString();
        rig.ask(Request.config(ConfigFrame.SET, everyByte));
        assertEquals(everyByte, rig.configString());
        String text = TargetRig.text(rig.ask(Request.config(ConfigFrame.READ, "")));
        assertTrue(text.chars().allMatch(c -> c >= ' ' && c < 0x7f), text);
    }

    @Test
    void hostile21_unknownConfigOperationsAreBadArguments() {
        for (int operation = 5; operation < 16; operation++) {
            rig.expectError(Request.config(operation, "a"), AoeError.BAD_ARGUMENT);
        }
        assertEquals("", rig.configString());
    }

    @Test
    void hostile33_aRequestWithoutAFreeSlotHasNoEffect() {
        TargetRig crowded =
                new TargetRig(MemoryStore.heap(8), new FakePort(GoldenFrames.TARGET, 1500, 1));
        int slot = crowded.port.claim();
        crowded.expectSilence(Request.config(ConfigFrame.SET, "x"), Counter.SLOT_DROPS);
        crowded.expectSilence(
                Request.maskEdit(1).directive(MaskFrame.DIRECTIVE_ADD, FRIEND), Counter.SLOT_DROPS);
        crowded.expectSilence(Request.reserve(ReserveFrame.SET, FRIEND), Counter.SLOT_DROPS);
        byte[] ones = new byte[512];
        ones[0] = 1;
        crowded.expectSilence(Request.write(0, ones), Counter.SLOT_DROPS);
        crowded.port.release(slot);
        assertEquals("", crowded.configString());
        assertEquals(List.of(), crowded.maskList());
        assertEquals(List.of(), crowded.reservation());
        assertEquals(0, TargetRig.data(crowded.ask(Request.ata(AtaFrame.READ, 1, 0)))[0]);
    }
}
