// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AtaFrame;

/**
 * A target's disk as a store. Requests are cut into frames, of which a window is unanswered at any
 * time; lost frames are sent again, and a target silent for too long makes requests {@link
 * StoreStatus#UNAVAILABLE}. One thread, which owns the ports and calls {@link #poll}: that is where
 * frames go out and requests end.
 *
 * <p>A target that was silent is asked again which disk it serves before anything else goes to it,
 * and likewise before the first request after a second without any. Another disk ends the use of
 * this one, see {@link #failure}. The C program's identity tells address, host and size only.
 *
 * <p>Several {@linkplain DiskPath paths} are used all at once, each as far as its own window and
 * round trips allow. One that falls silent is left while another answers, and what was under way on
 * it takes another; it is tried every second and used again when it works. A path whose station
 * shows another disk is never used.
 *
 * <p>As with every AoE initiator, a write that was sent twice may reach the disk twice, and late.
 *
 * <p>ATA tells less than {@link StoreStatus}: an aborted write counts as {@link
 * StoreStatus#READ_ONLY}, whatever the target's reason.
 */
public final class RemoteDisk implements BlockStore {
    /** Once one path has answered, the others are waited for no longer than this. */
    private static final long OTHER_PATHS_NS = TimeUnit.SECONDS.toNanos(1);

    private final ActivePaths paths;
    private final Exchange exchange;
    private final Prober prober;
    private final LongSupplier clockNs;
    private final long giveUpNs;
    private final ArrayDeque<Transfer> waiting = new ArrayDeque<>();
    private final ArrayDeque<Transfer> unused = new ArrayDeque<>();
    private StoreTraits traits = new StoreTraits(false, false, false, SECTOR_BYTES);
    private PortException failure;
    private int completed;

    /**
     * Begins to ask the target for its size; of use once {@link #ready}. The ports are not taken
     * over: their owner closes them afterwards.
     *
     * @param paths at least one, all to one address
     * @param clockNs monotonic, in nanoseconds
     */
    public RemoteDisk(List<DiskPath> paths, DiskSettings settings, LongSupplier clockNs) {
        this.clockNs = clockNs;
        giveUpNs = settings.giveUpNs();
        this.paths = new ActivePaths(paths, settings, clockNs.getAsLong());
        exchange = new Exchange(this.paths, settings, clockNs, new Progress());
        prober = new Prober(this.paths, exchange);
    }

    /** Over one path. */
    public RemoteDisk(
            EthernetPort port, FoundTarget target, DiskSettings settings, LongSupplier clockNs) {
        this(DiskPath.only(port, target), settings, clockNs);
    }

    /** Over one path, see {@link #open(List, DiskSettings)}. */
    public static RemoteDisk open(EthernetPort port, FoundTarget target, DiskSettings settings)
            throws IOException {
        return open(DiskPath.only(port, target), settings);
    }

    /**
     * Blocks until the target has told its size, and the other paths too or a second has passed.
     *
     * @throws IOException it did not, within the settings' time; or two paths lead to two disks
     */
    public static RemoteDisk open(List<DiskPath> paths, DiskSettings settings) throws IOException {
        RemoteDisk disk = new RemoteDisk(paths, settings, System::nanoTime);
        try {
            disk.awaitPaths(paths.get(0).target().address());
            return disk;
        } catch (IOException e) {
            disk.close();
            throw e;
        }
    }

    private void awaitPaths(AoeAddress address) throws IOException {
        long readyNs = 0;
        poll();
        while (!prober.quiet()) {
            long nowNs = clockNs.getAsLong();
            readyNs = ready() && readyNs == 0 ? nowNs : readyNs;
            long restNs = ready() ? OTHER_PATHS_NS - (nowNs - readyNs) : -1;
            if (failure != null || (ready() && restNs <= 0)) {
                break;
            }
            await(restNs);
            poll();
        }
        if (!ready()) {
            throw new IOException(
                    address + " did not identify itself: " + prober.failure(), failure);
        }
        paths.checkOneDisk();
    }

    /** True once the target has told its size. */
    public boolean ready() {
        return prober.identity() != null;
    }

    /** What the target said of its disk; null before {@link #ready}. */
    public RemoteIdentity identity() {
        return prober.identity();
    }

    /** Asks for the size again: {@link #sectors} changes when the answer has come. */
    public void identify() {
        prober.identifyAgain();
    }

    /** Why it is of no use any more, as a sentence; empty while it may be. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure).map(Throwable::getMessage);
    }

    /** How each path fares, in the order given. */
    public List<PathReport> paths() {
        return Arrays.stream(paths.all).map(ActivePath::report).toList();
    }

    /**
     * The most sectors that a frame carries by every path. Requests of a multiple of it take the
     * fewest frames.
     */
    public int sectorsPerFrame() {
        return paths.sectorsPerFrame();
    }

    /**
     * True when a write's data are sent from where they lie in a direct buffer, never looked at by
     * Java. If they cannot be read, as of a mapped file that was truncated, the write ends as
     * {@link StoreStatus#MEDIA_ERROR}.
     */
    public boolean gathers() {
        return Arrays.stream(paths.all).allMatch(path -> path.port.gathers());
    }

    /** Frames sent more than once. */
    public long resends() {
        return exchange.resends();
    }

    /** Frames that came and answered nothing that was asked, or came too late. */
    public long strays() {
        return exchange.strays();
    }

    /** 0 before {@link #ready}. */
    @Override
    public long sectors() {
        return ready() ? identity().sectors() : 0;
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public void submit(StoreRequest request) {
        if (failure != null || !ready()) {
            request.complete(StoreStatus.UNAVAILABLE);
        } else if (!request.within(sectors())) {
            request.complete(StoreStatus.OUT_OF_RANGE);
        } else if (request.op() != StoreRequest.Op.FLUSH && request.sectors() == 0) {
            request.complete(StoreStatus.OK);
        } else {
            Transfer transfer = unused.isEmpty() ? new Transfer() : unused.pop();
            transfer.begin(request, clockNs.getAsLong());
            waiting.add(transfer);
        }
    }

    @Override
    public int poll() {
        completed = 0;
        if (failure == null) {
            try {
                exchange.poll();
                prober.poll(exchange.nowNs(), !waiting.isEmpty());
                fillWindow();
                giveUpOverdue(exchange.nowNs());
                exchange.flush();
            } catch (PortException e) {
                fail(e);
            }
        }
        return completed;
    }

    /**
     * Blocks until {@link #poll} has something to do or the time has passed; negative: no limit.
     */
    public void await(long timeoutNs) {
        boolean sendable = !waiting.isEmpty() && exchange.free() != null;
        if (failure == null && !sendable) {
            try {
                long probeNs = prober.waitNs(clockNs.getAsLong());
                boolean probeFirst = probeNs >= 0 && (timeoutNs < 0 || probeNs < timeoutNs);
                exchange.await(probeFirst ? probeNs : timeoutNs);
            } catch (PortException e) {
                fail(e);
            }
        }
    }

    /** Any thread: makes the current or the next {@link #await} return. */
    public void wakeUp() {
        exchange.wakeUp();
    }

    private void fail(PortException cause) {
        failure = cause;
        exchange.abandon();
        while (!waiting.isEmpty()) {
            Transfer transfer = waiting.poll();
            transfer.fail(StoreStatus.UNAVAILABLE);
            end(transfer);
        }
    }

    private void fillWindow() {
        InFlightCommand inFlight = waiting.isEmpty() ? null : exchange.free();
        while (inFlight != null) {
            Transfer transfer = waiting.peek();
            startNext(inFlight, transfer);
            if (transfer.allStarted()) {
                waiting.poll();
            }
            inFlight = waiting.isEmpty() ? null : exchange.free();
        }
    }

    private void startNext(InFlightCommand inFlight, Transfer transfer) {
        StoreRequest request = transfer.request;
        int sectors = Math.min(request.sectors() - transfer.started, paths.sectorsPerFrame());
        inFlight.dataOffset = request.offset() + transfer.started * SECTOR_BYTES;
        inFlight.lba = request.lba() + transfer.started;
        inFlight.command = command(request.op());
        inFlight.sectors = sectors;
        inFlight.transfer = transfer;
        transfer.started += sectors;
        transfer.flushWaits = false;
        transfer.inFlight++;
        exchange.launch(inFlight);
    }

    private int command(StoreRequest.Op op) {
        boolean extended = identity().extended();
        return switch (op) {
            case READ -> extended ? AtaFrame.READ_EXT : AtaFrame.READ;
            case WRITE -> extended ? AtaFrame.WRITE_EXT : AtaFrame.WRITE;
            case FLUSH -> AtaFrame.FLUSH;
        };
    }

    private void landed(Transfer transfer, StoreStatus status) {
        transfer.inFlight--;
        if (status != StoreStatus.OK) {
            transfer.fail(status);
            waiting.remove(transfer);
        }
        if (transfer.inFlight == 0 && transfer.allStarted()) {
            end(transfer);
        }
    }

    /**
     * Requests that waited behind a frame that nobody answered would wait as long again, each in
     * its turn. Those that the callbacks submit meanwhile may try.
     */
    private void giveUpWaiting() {
        for (int i = waiting.size(); i > 0 && !waiting.isEmpty(); i--) {
            Transfer transfer = waiting.poll();
            transfer.fail(StoreStatus.UNAVAILABLE);
            if (transfer.inFlight == 0) {
                end(transfer);
            }
        }
    }

    /** Those that found no path to wait on. */
    private void giveUpOverdue(long nowNs) {
        while (!waiting.isEmpty()
                && paths.noneUp()
                && nowNs - waiting.peek().submittedNs >= giveUpNs) {
            Transfer transfer = waiting.poll();
            transfer.fail(StoreStatus.UNAVAILABLE);
            if (transfer.inFlight == 0) {
                end(transfer);
            }
        }
    }

    private void end(Transfer transfer) {
        StoreRequest request = transfer.request;
        StoreStatus status = transfer.status;
        transfer.request = null;
        unused.push(transfer);
        completed++;
        request.complete(status);
    }

    /** Ends what is in progress as {@link StoreStatus#UNAVAILABLE}; the ports stay open. */
    @Override
    public void close() {
        if (failure == null) {
            fail(new PortException("closed"));
        }
        exchange.close();
    }

    /** Hears from the exchange how commands end. */
    private final class Progress implements Exchange.Owner {
        @Override
        public void onAnswer(
                InFlightCommand inFlight, ByteBuffer buffer, int offset, int lengthBytes) {
            boolean write = Frames.isWrite(inFlight.command);
            boolean flush = inFlight.command == AtaFrame.FLUSH;
            StoreStatus status = Answers.status(buffer, offset, write);
            int dataBytes = write || flush ? 0 : inFlight.sectors * Aoe.SECTOR_BYTES;
            if (status == StoreStatus.OK && lengthBytes < AtaFrame.DATA_OFFSET + dataBytes) {
                status = StoreStatus.MEDIA_ERROR;
            }
            int dataOffset = offset + AtaFrame.DATA_OFFSET;
            if (inFlight.transfer == null) {
                prober.onAnswer(inFlight, status, buffer, dataOffset, clockNs.getAsLong());
                identified();
                return;
            }
            if (status == StoreStatus.OK && dataBytes > 0) {
                ByteBuffer destination = inFlight.transfer.request.buffer();
                destination.put(inFlight.dataOffset, buffer, dataOffset, dataBytes);
            }
            landed(inFlight.transfer, status);
        }

        private void identified() {
            if (ready() && traits.physicalBlockBytes() != identity().physicalBlockBytes()) {
                traits = new StoreTraits(false, false, false, identity().physicalBlockBytes());
            }
        }

        @Override
        public void onUnreadable(InFlightCommand inFlight) {
            landed(inFlight.transfer, StoreStatus.MEDIA_ERROR);
        }

        @Override
        public void onSilence(InFlightCommand inFlight) {
            if (inFlight.transfer == null) {
                prober.onSilence(inFlight, clockNs.getAsLong());
            } else {
                landed(inFlight.transfer, StoreStatus.UNAVAILABLE);
                giveUpWaiting();
            }
        }
    }
}
