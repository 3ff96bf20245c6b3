// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/**
 * A piece of the data on its way. Goes around for ever: a {@link Source} fills it, a {@link Sink}
 * stores it. One thread. The data lies in {@link #buffer} from index 0.
 */
public final class Chunk {
    enum State {
        FREE,
        READING,
        FULL,
        WRITING,
        DONE
    }

    private final ByteBuffer ownMemory;
    private final int ownOffset;
    private final ByteBuffer buffer;
    private final StoreRequest request = new StoreRequest(this::onRequest);
    private State state = State.FREE;
    private long position;
    private int bytes;
    private ByteBuffer memory;
    private int memoryOffset;
    private boolean lendable;
    private boolean placed;
    private boolean hole;
    private boolean unread;
    private boolean unsent;
    private String failure;

    /** A piece of memory that all chunks of a copy share. */
    Chunk(ByteBuffer memory, int memoryOffset, int capacityBytes) {
        ownMemory = memory;
        ownOffset = memoryOffset;
        buffer = memory.slice(memoryOffset, capacityBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Asks for the bytes at a position.
     *
     * @param lendable the source may {@link #lend} them
     */
    void begin(long position, int bytes, boolean lendable) {
        state = State.READING;
        memory = ownMemory;
        memoryOffset = ownOffset;
        this.lendable = lendable;
        placed = false;
        this.position = position;
        this.bytes = bytes;
        hole = false;
        unread = false;
        unsent = false;
        failure = null;
    }

    void beginWriting() {
        state = State.WRITING;
    }

    void release() {
        state = State.FREE;
    }

    State state() {
        return state;
    }

    /** The first byte's place, counted from where the copy begins. */
    public long position() {
        return position;
    }

    /** While reading, what is asked for; from then on what there is. */
    public int bytes() {
        return bytes;
    }

    /** Little-endian; position and limit belong to whoever works on the chunk. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** For ends that are disks: a request that ends the chunk's reading or writing with it. */
    StoreRequest request() {
        return request;
    }

    /**
     * Where the data lie: what {@link #buffer} is a part of, to a store one buffer for all its
     * requests, or what was lent, or where they are placed.
     */
    ByteBuffer memory() {
        return memory;
    }

    /** Where in {@link #memory} the data begin. */
    int memoryOffset() {
        return memoryOffset;
    }

    /** True when the source has a hole here, so that the buffer was not filled. */
    public boolean hole() {
        return hole;
    }

    /** Why it could not be read or stored, or null. */
    String failure() {
        return failure;
    }

    /** True when the failure is the source's. */
    boolean unread() {
        return unread;
    }

    /** A source is done; fewer bytes than asked for mean that it ends there. */
    public void filled(int bytes) {
        this.bytes = bytes;
        state = State.FULL;
    }

    /** Whether the sink takes the data from {@link #memory} instead of {@link #buffer}. */
    boolean lendable() {
        return lendable;
    }

    /**
     * A source is done without having touched {@link #buffer}: all that was asked for lies there,
     * in a file mapped into memory, and stays until the sink has done with it. Java must not read
     * it: a file that shrinks meanwhile would make that a fault.
     */
    void lend(ByteBuffer from, int offset) {
        memory = from;
        memoryOffset = offset;
        filled(bytes);
    }

    /**
     * A sink has the data go to its own memory, which lies in a file: once {@linkplain #filled
     * filled}, they are stored. Only for a source that scatters.
     */
    void place(ByteBuffer to, int offset) {
        memory = to;
        memoryOffset = offset;
        placed = true;
    }

    /** True when the data are where the sink wanted them, and not in {@link #buffer}. */
    boolean placed() {
        return placed;
    }

    /** True when what was lent might be at fault for the failure: a copy of it may succeed. */
    @SuppressWarnings("ReferenceEquality") // the same memory, not the same bytes
    boolean unsent() {
        return unsent && memory != ownMemory;
    }

    /** A source is done without having touched the buffer: all of it is zero and takes no room. */
    public void filledWithHole() {
        hole = true;
        placed = false;
        state = State.FULL;
    }

    /** A sink is done. */
    public void stored() {
        state = State.DONE;
    }

    /**
     * Source or sink could not do it.
     *
     * @param reason goes on after its name: "refuses writes"
     */
    public void failed(String reason) {
        failure = reason;
        unread = state == State.READING;
        state = State.DONE;
    }

    /** Makes the buffer what a hole reads as. */
    void fillWithZeros() {
        for (int i = 0; i < buffer.capacity(); i += Long.BYTES) {
            buffer.putLong(i, 0);
        }
    }

    /** True when all bytes of the range are zero. Both ends are multiples of eight. */
    boolean isZero(int from, int to) {
        for (int i = from; i < to; i += Long.BYTES) {
            if (buffer.getLong(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private void onRequest(StoreRequest done) {
        if (done.status() != StoreStatus.OK) {
            unsent = state == State.WRITING && done.status() == StoreStatus.MEDIA_ERROR;
            failed(DiskEnd.reason(done.status()));
        } else if (state == State.READING) {
            filled(bytes);
        } else {
            stored();
        }
    }
}
