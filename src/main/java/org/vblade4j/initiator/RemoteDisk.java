// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AtaFrame;

/**
 * A target's disk as a store. Requests are cut into frames, of which a window is unanswered at any
 * time; lost frames are sent again, and a target silent for too long makes requests {@link
 * StoreStatus#UNAVAILABLE}. One thread, which owns the port and calls {@link #poll}: that is where
 * frames go out and requests end.
 *
 * <p>As with every AoE initiator, a write that was sent twice may reach the disk twice, and late.
 *
 * <p>ATA tells less than {@link StoreStatus}: an aborted write counts as {@link
 * StoreStatus#READ_ONLY}, whatever the target's reason.
 */
public final class RemoteDisk implements BlockStore {
    private final Exchange exchange;
    private final ArrayDeque<Transfer> waiting = new ArrayDeque<>();
    private final ArrayDeque<Transfer> unused = new ArrayDeque<>();
    private StoreTraits traits = new StoreTraits(false, false, false, SECTOR_BYTES);
    private RemoteIdentity identity;
    private boolean identifyWanted = true;
    private StoreStatus identifyFailure = StoreStatus.OK;
    private PortException failure;
    private int completed;

    /**
     * Begins to ask the target for its size; of use once {@link #ready}. The port is not taken
     * over: its owner closes it afterwards.
     *
     * @param clockNs monotonic, in nanoseconds
     */
    public RemoteDisk(
            EthernetPort port, FoundTarget target, DiskSettings settings, LongSupplier clockNs) {
        exchange = new Exchange(port, target, settings, clockNs, new Progress());
    }

    /**
     * Blocks until the target has told its size.
     *
     * @throws IOException it did not, within the settings' time
     */
    public static RemoteDisk open(EthernetPort port, FoundTarget target, DiskSettings settings)
            throws IOException {
        RemoteDisk disk = new RemoteDisk(port, target, settings, System::nanoTime);
        disk.poll();
        while (!disk.ready()) {
            if (disk.identifyFailure != StoreStatus.OK || disk.failure != null) {
                throw new IOException(
                        target.address() + " did not identify itself: " + disk.identifyFailure,
                        disk.failure);
            }
            disk.await(-1);
            disk.poll();
        }
        return disk;
    }

    /** True once the target has told its size. */
    public boolean ready() {
        return identity != null;
    }

    /** What the target said of its disk; null before {@link #ready}. */
    public RemoteIdentity identity() {
        return identity;
    }

    /** Asks for the size again: {@link #sectors} changes when the answer has come. */
    public void identify() {
        identifyWanted = true;
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
        return identity == null ? 0 : identity.sectors();
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public void submit(StoreRequest request) {
        if (failure != null || identity == null) {
            request.complete(StoreStatus.UNAVAILABLE);
        } else if (!request.within(sectors())) {
            request.complete(StoreStatus.OUT_OF_RANGE);
        } else if (request.op() != StoreRequest.Op.FLUSH && request.sectors() == 0) {
            request.complete(StoreStatus.OK);
        } else {
            Transfer transfer = unused.isEmpty() ? new Transfer() : unused.pop();
            transfer.begin(request);
            waiting.add(transfer);
        }
    }

    @Override
    public int poll() {
        completed = 0;
        if (failure == null) {
            try {
                exchange.poll();
                fillWindow();
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
                exchange.await(timeoutNs);
            } catch (PortException e) {
                fail(e);
            }
        }
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

    private void fillWindow() throws PortException {
        Flight flight = exchange.free();
        if (identifyWanted && flight != null) {
            identifyWanted = false;
            identifyFailure = StoreStatus.OK;
            launch(flight, null, AtaFrame.IDENTIFY, 0, 1);
            flight = exchange.free();
        }
        while (flight != null && !waiting.isEmpty()) {
            Transfer transfer = waiting.peek();
            startNext(flight, transfer);
            if (transfer.allStarted()) {
                waiting.poll();
            }
            flight = exchange.free();
        }
    }

    private void startNext(Flight flight, Transfer transfer) throws PortException {
        StoreRequest request = transfer.request;
        int sectors = Math.min(request.sectors() - transfer.started, exchange.sectorsPerFrame());
        flight.dataOffset = request.offset() + transfer.started * SECTOR_BYTES;
        long lba = request.lba() + transfer.started;
        transfer.started += sectors;
        transfer.flushWaits = false;
        transfer.inFlight++;
        launch(flight, transfer, command(request.op()), lba, sectors);
    }

    private void launch(Flight flight, Transfer transfer, int command, long lba, int sectors)
            throws PortException {
        flight.transfer = transfer;
        flight.command = command;
        flight.lba = lba;
        flight.sectors = sectors;
        exchange.launch(flight);
    }

    private int command(StoreRequest.Op op) {
        return switch (op) {
            case READ -> identity.extended() ? AtaFrame.READ_EXT : AtaFrame.READ;
            case WRITE -> identity.extended() ? AtaFrame.WRITE_EXT : AtaFrame.WRITE;
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

    private void end(Transfer transfer) {
        StoreRequest request = transfer.request;
        StoreStatus status = transfer.status;
        transfer.request = null;
        unused.push(transfer);
        completed++;
        request.complete(status);
    }

    /** Ends what is in progress as {@link StoreStatus#UNAVAILABLE}; the port stays open. */
    @Override
    public void close() {
        if (failure == null) {
            fail(new PortException("closed"));
        }
    }

    /** Hears from the exchange how flights end. */
    private final class Progress implements Exchange.Owner {
        @Override
        public void onAnswer(Flight flight, ByteBuffer buffer, int offset, int lengthBytes) {
            boolean write =
                    flight.command == AtaFrame.WRITE || flight.command == AtaFrame.WRITE_EXT;
            boolean flush = flight.command == AtaFrame.FLUSH;
            StoreStatus status = Answers.status(buffer, offset, write);
            int dataBytes = write || flush ? 0 : flight.sectors * Aoe.SECTOR_BYTES;
            if (status == StoreStatus.OK && lengthBytes < AtaFrame.DATA_OFFSET + dataBytes) {
                status = StoreStatus.MEDIA_ERROR;
            }
            int dataOffset = offset + AtaFrame.DATA_OFFSET;
            if (flight.transfer == null) {
                identified(status, buffer, dataOffset);
                return;
            }
            if (status == StoreStatus.OK && dataBytes > 0) {
                ByteBuffer destination = flight.transfer.request.buffer();
                destination.put(flight.dataOffset, buffer, dataOffset, dataBytes);
            }
            landed(flight.transfer, status);
        }

        private void identified(StoreStatus status, ByteBuffer buffer, int dataOffset) {
            identifyFailure = status;
            if (status == StoreStatus.OK) {
                identity = RemoteIdentity.read(buffer, dataOffset);
                traits = new StoreTraits(false, false, false, identity.physicalBlockBytes());
            }
        }

        @Override
        public void onSilence(Flight flight) {
            if (flight.transfer == null) {
                identifyFailure = StoreStatus.UNAVAILABLE;
            } else {
                landed(flight.transfer, StoreStatus.UNAVAILABLE);
                giveUpWaiting();
            }
        }
    }
}
