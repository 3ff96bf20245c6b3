// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.initiator.SectorPattern;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * Keeps a number of requests in progress at one target and measures each. It never sleeps while it
 * measures, so that what is measured is the target; each answer is followed by the next request,
 * and all requests that follow one batch of answers go out together. Nothing is allocated while it
 * runs. One thread, which owns the port meanwhile.
 *
 * <p>A tag says which of the requests in progress it is, and in its upper bits its turn: a late
 * answer to an earlier request is not taken for one to this.
 */
public final class LoadGenerator implements FrameHandler {
    private static final int BATCH = 64;
    private static final int INDEX_BITS = 12; // LoadPlan.MAX_DEPTH
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final long MAX_LATENCY_NS = 60_000_000_000L;
    private static final long NOT_SENT = Long.MIN_VALUE;

    /** What is waited for at the end for requests that are still unanswered. */
    private static final long DRAIN_RESENDS = 20;

    private final EthernetPort port;
    private final FoundTarget target;
    private final LoadPlan plan;
    private final LongSupplier clockNs;
    private final BooleanSupplier cancelled;
    private final BlockPicker picker;
    private final SectorPattern pattern;
    private final BitSet written;
    private final Histogram readNs = new Histogram(MAX_LATENCY_NS, 3);
    private final Histogram writeNs = new Histogram(MAX_LATENCY_NS, 3);
    private final int[] tags;
    private final long[] blocks;
    private final boolean[] writing;
    private final long[] firstSentNs;
    private final long[] lastSentNs;
    private final int[] answered;
    private int answeredCount;
    private long allAnswers;
    private int turn;
    private int inProgress;
    private long nowNs;
    private boolean measuring;
    private boolean checking;
    private long nextToCheck;
    private long reads;
    private long writes;
    private long resends;
    private long errors;
    private long badBlocks;
    private long verifiedBlocks;

    /**
     * @param clockNs monotonic, in nanoseconds
     * @param cancelled asked now and then; true ends the run early, with what was measured so far
     */
    public LoadGenerator(
            EthernetPort port,
            FoundTarget target,
            LoadPlan plan,
            LongSupplier clockNs,
            BooleanSupplier cancelled) {
        this.port = port;
        this.target = target;
        this.plan = plan;
        this.clockNs = clockNs;
        this.cancelled = cancelled;
        int depth = plan.depth();
        picker = new BlockPicker(plan, plan.writes());
        pattern = new SectorPattern(plan.seed());
        written = plan.verify() && plan.writes() ? writtenBlocks(plan) : new BitSet();
        tags = new int[depth];
        blocks = new long[depth];
        writing = new boolean[depth];
        firstSentNs = new long[depth];
        lastSentNs = new long[depth];
        answered = new int[depth];
        Arrays.fill(firstSentNs, NOT_SENT);
    }

    private static BitSet writtenBlocks(LoadPlan plan) {
        if (plan.blocks() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    plan.blocks() + " blocks are too many to remember which were written");
        }
        return new BitSet((int) plan.blocks());
    }

    /** Blocks until all is done; once only. */
    public LoadReport run() throws PortException {
        nowNs = clockNs.getAsLong();
        for (int i = 0; i < plan.depth(); i++) {
            next(i);
        }
        port.flush();
        runFor(plan.warmupNs());
        measuring = true;
        readNs.reset();
        writeNs.reset();
        reads = 0;
        writes = 0;
        long startNs = nowNs;
        runFor(plan.measureNs());
        measuring = false;
        long elapsedNs = Math.max(1, nowNs - startNs);
        long bytes = (reads + writes) * plan.sectors() * Aoe.SECTOR_BYTES;
        long lost = drain();
        if (plan.verify() && plan.writes() && lost == 0) {
            lost += readBack();
        }
        return new LoadReport(
                elapsedNs,
                reads,
                writes,
                bytes,
                allAnswers,
                resends,
                errors,
                lost,
                badBlocks,
                verifiedBlocks,
                readNs,
                writeNs);
    }

    private void runFor(long durationNs) throws PortException {
        long endNs = nowNs + durationNs;
        while (nowNs - endNs < 0 && !cancelled.getAsBoolean()) {
            if (turn() > 0) {
                for (int i = 0; i < answeredCount; i++) {
                    next(answered[i]);
                }
                answeredCount = 0;
                port.flush();
            }
        }
    }

    /** Lets what is in progress end; returns how many requests nobody answered. */
    private int drain() throws PortException {
        long endNs = nowNs + DRAIN_RESENDS * plan.resendNs();
        while (inProgress > 0 && nowNs - endNs < 0) {
            turn();
            port.flush();
        }
        answeredCount = 0;
        return inProgress;
    }

    /** Reads once more what was written, and compares. */
    private int readBack() throws PortException {
        checking = true;
        for (int i = 0; i < plan.depth(); i++) {
            check(i);
        }
        port.flush();
        long patienceNs = DRAIN_RESENDS * plan.resendNs();
        long lastNs = nowNs;
        while (inProgress > 0 && nowNs - lastNs < patienceNs) {
            if (turn() > 0) {
                lastNs = nowNs;
            }
            for (int i = 0; i < answeredCount; i++) {
                check(answered[i]);
            }
            answeredCount = 0;
            port.flush();
        }
        return inProgress;
    }

    private int turn() throws PortException {
        int frames = port.receive(this, BATCH);
        nowNs = clockNs.getAsLong();
        if (frames == 0) {
            Thread.onSpinWait();
            resendLate();
        }
        return frames;
    }

    private void next(int index) {
        writing[index] = plan.writes() && picker.percent() >= plan.readPercent();
        blocks[index] = picker.pick(index);
        start(index);
    }

    private void check(int index) {
        int block = written.nextSetBit((int) nextToCheck);
        if (block >= 0) {
            nextToCheck = block + 1L;
            writing[index] = false;
            blocks[index] = block;
            start(index);
        }
    }

    private void start(int index) {
        turn = (turn + 1) & (-1 >>> (INDEX_BITS + 1));
        tags[index] = Aoe.TAG_USER_SPACE | turn << INDEX_BITS | index;
        firstSentNs[index] = nowNs;
        inProgress++;
        send(index);
    }

    private void send(int index) {
        lastSentNs[index] = nowNs;
        int slot = port.claim();
        if (slot < 0) {
            return; // is sent again as if it had been lost
        }
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(slot);
        boolean write = writing[index];
        long lba = plan.firstLba() + blocks[index] * plan.sectors();
        AoeFrame.putEthernet(buffer, at, target.mac(), port.mac());
        AoeFrame.putAoe(
                buffer,
                at,
                0,
                target.address().shelf(),
                target.address().slot(),
                Aoe.COMMAND_ATA,
                tags[index]);
        int flags = AtaFrame.FLAG_EXTENDED | (write ? AtaFrame.FLAG_WRITE : 0);
        int command = write ? AtaFrame.WRITE_EXT : AtaFrame.READ_EXT;
        AtaFrame.putRequest(buffer, at, flags, command, plan.sectors(), lba);
        int length = AtaFrame.DATA_OFFSET;
        if (write) {
            length += plan.sectors() * Aoe.SECTOR_BYTES;
            if (plan.verify()) {
                putPattern(buffer, at + AtaFrame.DATA_OFFSET, lba);
            } // else what the slot held before: any data will do
        }
        port.commit(slot, AoeFrame.pad(buffer, at, length));
    }

    private void putPattern(ByteBuffer buffer, int at, long lba) {
        for (int i = 0; i < plan.sectors(); i++) {
            pattern.put(buffer, at + i * Aoe.SECTOR_BYTES, lba + i);
        }
    }

    private void resendLate() {
        for (int i = 0; i < tags.length; i++) {
            if (firstSentNs[i] != NOT_SENT && nowNs - lastSentNs[i] > plan.resendNs()) {
                resends++;
                send(i);
            }
        }
    }

    @Override
    public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        if (lengthBytes < AtaFrame.DATA_OFFSET) {
            return;
        }
        int tag = AoeFrame.tag(buffer, offset);
        int index = tag & INDEX_MASK;
        if (index >= tags.length
                || tags[index] != tag
                || firstSentNs[index] == NOT_SENT
                || AoeFrame.source(buffer, offset) != target.mac()
                || AoeFrame.command(buffer, offset) != Aoe.COMMAND_ATA) {
            return;
        }
        finish(index, clockNs.getAsLong(), failed(buffer, offset), buffer, offset, lengthBytes);
        answered[answeredCount++] = index;
    }

    private static boolean failed(ByteBuffer buffer, int offset) {
        return AoeFrame.isError(buffer, offset)
                || (AtaFrame.status(buffer, offset) & AtaFrame.STATUS_FAILED) != 0;
    }

    private void finish(
            int index, long atNs, boolean failed, ByteBuffer buffer, int offset, int lengthBytes) {
        inProgress--;
        allAnswers++;
        if (failed) {
            errors++;
        } else if (measuring) {
            record(index, atNs);
        }
        if (plan.verify() && !failed) {
            verify(index, buffer, offset + AtaFrame.DATA_OFFSET, lengthBytes);
        }
        firstSentNs[index] = NOT_SENT;
        picker.done(index);
    }

    private void record(int index, long atNs) {
        long latencyNs = Math.min(MAX_LATENCY_NS, Math.max(0, atNs - firstSentNs[index]));
        if (writing[index]) {
            writes++;
            writeNs.recordValue(latencyNs);
        } else {
            reads++;
            readNs.recordValue(latencyNs);
        }
    }

    private void verify(int index, ByteBuffer buffer, int data, int lengthBytes) {
        if (writing[index]) {
            written.set((int) blocks[index]);
        } else if (!plan.writes() || checking || written.get((int) blocks[index])) {
            verifiedBlocks++;
            int wantedBytes = AtaFrame.DATA_OFFSET + plan.sectors() * Aoe.SECTOR_BYTES;
            if (lengthBytes < wantedBytes || !matches(index, buffer, data)) {
                badBlocks++;
            }
        }
    }

    private boolean matches(int index, ByteBuffer buffer, int data) {
        long lba = plan.firstLba() + blocks[index] * plan.sectors();
        for (int i = 0; i < plan.sectors(); i++) {
            if (!pattern.matches(buffer, data + i * Aoe.SECTOR_BYTES, lba + i)) {
                return false;
            }
        }
        return true;
    }
}
