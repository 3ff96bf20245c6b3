// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.ByteBuffer;

/**
 * One read, write or flush, reused for many: a mutable object that its owner fills with {@link
 * #read}, {@link #write} or {@link #flush} and submits. Data lies in {@link #buffer} from the
 * absolute {@link #offset}, below the buffer's limit; the store leaves position and limit as they
 * were.
 */
public final class StoreRequest {
    /** What a request asks for. */
    public enum Op {
        READ,
        WRITE,
        /** All writes completed before are on the medium when it completes. */
        FLUSH
    }

    /** Told once a request is finished, on the thread that submits and polls. */
    @FunctionalInterface
    public interface Listener {
        /** The request's {@link StoreRequest#status} is set and it may be reused from here on. */
        void onComplete(StoreRequest request);
    }

    private final Listener listener;
    private Op op = Op.FLUSH;
    private long lba;
    private int sectors;
    private ByteBuffer buffer;
    private int offset;
    private long shifted;
    private ReadLease readLease;
    private long address;
    private DataLease lease;
    private StoreStatus status = StoreStatus.OK;

    public StoreRequest(Listener listener) {
        this.listener = listener;
    }

    /** Fills in a read of {@code sectors} at {@code lba} into the buffer. */
    public StoreRequest read(long lba, int sectors, ByteBuffer buffer, int offset) {
        return set(Op.READ, lba, sectors, buffer, offset);
    }

    /** Fills in a write of {@code sectors} at {@code lba} from the buffer. */
    public StoreRequest write(long lba, int sectors, ByteBuffer buffer, int offset) {
        return set(Op.WRITE, lba, sectors, buffer, offset);
    }

    /** Fills in a flush. */
    public StoreRequest flush() {
        return set(Op.FLUSH, 0, 0, null, 0);
    }

    private StoreRequest set(Op op, long lba, int sectors, ByteBuffer buffer, int offset) {
        dataTaken();
        this.op = op;
        this.lba = lba;
        this.sectors = sectors;
        this.buffer = buffer;
        this.offset = offset;
        this.shifted = 0;
        this.readLease = null;
        this.address = 0;
        return this;
    }

    /**
     * Says that the data of a write that was just filled in lies in memory that is only lent; see
     * {@link DataLease}.
     */
    public void lend(DataLease from) {
        lease = from;
        from.add();
    }

    /** Whether the data still lies in memory that is only lent. */
    public boolean lent() {
        return lease != null;
    }

    /**
     * Moves lent data of a write to memory that stays until the write is complete. By the lender,
     * while no store has the request.
     */
    public void keepData(ByteBuffer own, int ownOffset) {
        own.put(ownOffset, buffer, offset, bytes());
        buffer = own;
        offset = ownOffset;
        dataTaken();
    }

    /** For stores: the data of a write is not read any more, though it is not complete yet. */
    public void dataTaken() {
        if (lease != null) {
            lease.remove();
            lease = null;
        }
    }

    /**
     * Lets the store answer a read that was just filled in with {@link #completeInPlace} instead of
     * copying.
     *
     * @param reader what the memory is lent to then
     */
    public void allowInPlace(ReadLease reader) {
        readLease = reader;
    }

    /** For stores: whether the read may be answered in place. */
    public boolean mayAnswerInPlace() {
        return readLease != null;
    }

    /**
     * Moves the request by a number of sectors: for filters that show a window of a store. {@link
     * #complete} moves it back, so its owner never sees it.
     */
    public void shift(long sectors) {
        lba += sectors;
        shifted += sectors;
    }

    /** For stores: whether the range lies in a store of this size. A flush always does. */
    public boolean within(long storeSectors) {
        return lba >= 0 && sectors >= 0 && lba <= storeSectors - sectors;
    }

    /** For stores: ends the request and tells its owner. */
    public void complete(StoreStatus status) {
        lba -= shifted;
        shifted = 0;
        dataTaken();
        this.status = status;
        listener.onComplete(this);
    }

    /**
     * For stores: ends a read successfully without having copied anything. The data lies in memory
     * of the store's, see {@link ReadLease}.
     *
     * @param dataAddress where the data lies until the lease ends
     */
    public void completeInPlace(long dataAddress, ReadLease.Lender lender) {
        readLease.begin(lender);
        address = dataAddress;
        complete(StoreStatus.OK);
    }

    /** Where the data of a read lies that was answered in place; 0 when it is in the buffer. */
    public long address() {
        return address;
    }

    public Op op() {
        return op;
    }

    public long lba() {
        return lba;
    }

    public int sectors() {
        return sectors;
    }

    public ByteBuffer buffer() {
        return buffer;
    }

    public int offset() {
        return offset;
    }

    /** The data's length in bytes. */
    public int bytes() {
        return sectors * BlockStore.SECTOR_BYTES;
    }

    /** How the last run ended. */
    public StoreStatus status() {
        return status;
    }
}
