// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.nio.ByteBuffer;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/**
 * One request of a client, carried out step by step on the store's thread. What does not begin and
 * end with a sector is written in up to three steps: the sectors at the edges are read, changed and
 * written back, then those between. Nobody else touches these sectors meanwhile ({@link
 * CommandQueue}).
 */
final class Command {
    private static final int SECTOR = BlockStore.SECTOR_BYTES;

    private enum Step {
        HEAD_READ,
        HEAD_WRITE,
        TAIL_READ,
        TAIL_WRITE,
        BODY,
        FLUSH,
        END
    }

    final Connection connection;
    final int type;
    final int flags;
    final long cookie;
    final long offset;
    final int length;

    /** The memory that its data lie in; null when it has none. */
    final Slab slab;

    /** Where its data lie in the slab. */
    final int slabAt;

    final int slabBytes;

    /** An error number, or 0. */
    int error;

    /** The request it is a part of; null when it is one by itself. */
    final Whole whole;

    /** Commands before it in the queue that must end first. */
    int blockers;

    private final StoreRequest request = new StoreRequest(this::onDone);
    private CommandQueue queue;
    private Step step;
    private long bodyLba;
    private long bodyEnd;
    private boolean running;
    private boolean ended;

    /** One without data. */
    Command(Connection connection, RequestHead head) {
        this(connection, head, null, null, 0, 0);
    }

    Command(
            Connection connection,
            RequestHead head,
            Whole whole,
            Slab slab,
            int slabAt,
            int slabBytes) {
        this.connection = connection;
        this.whole = whole;
        type = head.type();
        flags = head.flags();
        cookie = head.cookie();
        offset = head.offset();
        length = head.length();
        this.slab = slab;
        this.slabAt = slabAt;
        this.slabBytes = slabBytes;
    }

    /**
     * The memory that a request needs which is not refused: whole sectors, and one more for an
     * edge. Zeros need only that one, but count like the data that is under way for them: else they
     * would be the cheapest way to keep the disk from others.
     */
    static int slabBytes(RequestHead head) {
        int zeros = (int) Math.min(head.bytes(), CommandQueue.ZEROS_BYTES);
        return switch (head.type()) {
            case Nbd.CMD_READ, Nbd.CMD_WRITE -> head.length() == 0 ? 0 : head.length() + 3 * SECTOR;
            case Nbd.CMD_WRITE_ZEROES -> zeros == 0 ? 0 : zeros + SECTOR;
            default -> 0;
        };
    }

    boolean changes() {
        return type == Nbd.CMD_WRITE || type == Nbd.CMD_WRITE_ZEROES;
    }

    private long end() {
        return offset + Integer.toUnsignedLong(length);
    }

    long firstLba() {
        return offset / SECTOR;
    }

    /** The sector behind the last. */
    long endLba() {
        return (end() + SECTOR - 1) / SECTOR;
    }

    /** Where in the slab the data for the client begins. */
    int dataAt() {
        return type == Nbd.CMD_READ ? slabAt + (int) (offset % SECTOR) : slabAt;
    }

    void start(CommandQueue queue) {
        this.queue = queue;
        bodyLba = firstLba();
        bodyEnd = endLba();
        if (type == Nbd.CMD_FLUSH) {
            step = Step.FLUSH;
        } else if (changes()) {
            boolean head = offset % SECTOR != 0 || (bodyLba + 1) * SECTOR > end();
            boolean tail = end() % SECTOR != 0 && !(head && bodyEnd == bodyLba + 1);
            bodyLba += head ? 1 : 0;
            bodyEnd -= tail ? 1 : 0;
            step = head ? Step.HEAD_READ : tail ? Step.TAIL_READ : Step.BODY;
        } else {
            step = Step.BODY;
        }
        run();
    }

    /** A loop and no recursion: a store may complete inside submit. */
    private void run() {
        do {
            running = true;
            ended = false;
            submit();
            running = false;
        } while (ended);
    }

    private void onDone(StoreRequest done) {
        if (done.status() != StoreStatus.OK) {
            error = error(done.status());
            step = Step.END;
        } else {
            advance();
        }
        if (running) {
            ended = true;
        } else {
            run();
        }
    }

    private void submit() {
        BlockStore store = queue.store();
        ByteBuffer memory = slab == null ? null : slab.buffer();
        switch (step) {
            case HEAD_READ -> store.submit(request.read(firstLba(), 1, memory, edgeAt()));
            case HEAD_WRITE -> {
                int from = (int) (offset % SECTOR);
                merge(from, (int) Math.min(SECTOR - from, end() - offset), 0);
                store.submit(request.write(firstLba(), 1, memory, edgeAt()));
            }
            case TAIL_READ -> store.submit(request.read(endLba() - 1, 1, memory, edgeAt()));
            case TAIL_WRITE -> {
                int bytes = (int) (end() % SECTOR);
                merge(0, bytes, (int) (end() - bytes - offset));
                store.submit(request.write(endLba() - 1, 1, memory, edgeAt()));
            }
            case BODY -> submitBody(store, memory);
            case FLUSH -> store.submit(request.flush());
            default -> queue.finished(this);
        }
    }

    private void submitBody(BlockStore store, ByteBuffer memory) {
        int left = (int) Math.min(bodyEnd - bodyLba, Integer.MAX_VALUE);
        if (type == Nbd.CMD_READ) {
            store.submit(request.read(bodyLba, left, memory, slabAt));
        } else if (type == Nbd.CMD_WRITE) {
            int at = slabAt + (int) (bodyLba * SECTOR - offset);
            store.submit(request.write(bodyLba, left, memory, at));
        } else {
            ByteBuffer zeros = queue.zeros();
            int sectors = Math.min(left, zeros.capacity() / SECTOR);
            store.submit(request.write(bodyLba, sectors, zeros, 0));
        }
    }

    private void advance() {
        bodyLba += step == Step.BODY ? request.sectors() : 0;
        step =
                switch (step) {
                    case HEAD_READ -> Step.HEAD_WRITE;
                    case HEAD_WRITE -> bodyEnd < endLba() ? Step.TAIL_READ : Step.BODY;
                    case TAIL_READ -> Step.TAIL_WRITE;
                    case TAIL_WRITE -> Step.BODY;
                    case BODY -> bodyLba < bodyEnd ? Step.BODY : behindBody();
                    default -> Step.END;
                };
        if (step == Step.BODY && bodyLba >= bodyEnd) {
            step = behindBody();
        }
    }

    private Step behindBody() {
        return changes() && (flags & Nbd.CMD_FLAG_FUA) != 0 ? Step.FLUSH : Step.END;
    }

    /** Behind the payload, which is not as long as the slab piece. */
    private int edgeAt() {
        return slabAt + slabBytes - SECTOR;
    }

    private void merge(int from, int bytes, int payloadAt) {
        ByteBuffer memory = slab.buffer();
        if (type == Nbd.CMD_WRITE) {
            memory.put(edgeAt() + from, memory, slabAt + payloadAt, bytes);
        } else {
            memory.put(edgeAt() + from, queue.zeros(), 0, bytes);
        }
    }

    private int error(StoreStatus status) {
        return switch (status) {
            case OUT_OF_RANGE -> changes() ? Nbd.ENOSPC : Nbd.EINVAL;
            case NO_SPACE -> Nbd.ENOSPC;
            case READ_ONLY -> Nbd.EPERM;
            default -> Nbd.EIO;
        };
    }
}
