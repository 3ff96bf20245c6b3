// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An io_uring (io_uring(7)): operations go into one ring, their results come out of another, both
 * shared with the kernel. One thread at a time; results come when the thread that submitted makes a
 * system call or asks for them.
 *
 * <p>The C library has no functions for it, so its three system calls are made by number, the same
 * on every architecture. {@link #fd} polls readable while there are results.
 */
public final class IoUring implements AutoCloseable {
    public static final int OP_READV = 1;
    public static final int OP_WRITEV = 2;
    public static final int OP_FSYNC = 3;
    public static final int OP_READ = 22;
    public static final int OP_WRITE = 23;
    public static final int FSYNC_DATASYNC = 1;

    private static final long SYS_SETUP = 425;
    private static final long SYS_ENTER = 426;
    private static final long SYS_REGISTER = 427;

    private static final int SETUP_CQSIZE = 1 << 3;
    private static final int SETUP_CLAMP = 1 << 4;
    private static final int SETUP_SUBMIT_ALL = 1 << 7;
    private static final int SETUP_COOP_TASKRUN = 1 << 8;
    private static final int SETUP_TASKRUN_FLAG = 1 << 9;

    /**
     * From the best to what the first kernels knew. Not IORING_SETUP_DEFER_TASKRUN: with it the
     * ring's descriptor does not wake a ppoll(2).
     */
    private static final int[] SETUPS = {
        SETUP_SUBMIT_ALL | SETUP_TASKRUN_FLAG | SETUP_COOP_TASKRUN, 0
    };

    /**
     * One mapping for both rings, no result is ever dropped, arguments are copied on submission.
     */
    private static final int NEEDED_FEATURES = 0b111;

    private static final int ENTER_GETEVENTS = 1;
    private static final int SQ_CQ_OVERFLOW = 1 << 1;
    private static final int SQ_TASKRUN = 1 << 2;
    private static final int REGISTER_FILES = 2;
    private static final int UNREGISTER_FILES = 3;
    private static final int REGISTER_PROBE = 8;
    private static final int PROBE_OPS = 64;
    private static final long OFF_SQES = 0x10000000L;
    private static final int SQE_BYTES = 64;
    private static final int SQE_FIXED_FILE = 1;
    private static final int CQE_BYTES = 16;
    private static final int PARAMS_BYTES = 120;

    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /**
     * The call of io_uring_enter(2), for tests that refuse it as a kernel does in need of memory.
     */
    public interface Enter {
        /** How many entries were taken, or an errno negated. */
        long enter(int fd, int entries, int flags);
    }

    private final int fd;
    private final Enter enter;
    private final NativeMemory ringMemory;
    private final NativeMemory entryMemory;
    private final ByteBuffer ring;
    private final ByteBuffer entries;
    private final int sqTailAt;
    private final int sqFlagsAt;
    private final int sqMask;
    private final int cqHeadAt;
    private final int cqTailAt;
    private final int cqMask;
    private final int cqesAt;
    private int sqTail;
    private int unsubmitted;
    private int cqHead;
    private boolean closed;

    private IoUring(
            int fd,
            Enter enter,
            ByteBuffer params,
            NativeMemory ringMemory,
            NativeMemory entryMemory) {
        this.fd = fd;
        this.enter = enter;
        this.ringMemory = ringMemory;
        this.entryMemory = entryMemory;
        // Not the buffers' own views: theirs are big-endian.
        ring = Libc.wrap(ringMemory.address(), ringMemory.lengthBytes()).order(nativeOrder());
        entries = Libc.wrap(entryMemory.address(), entryMemory.lengthBytes()).order(nativeOrder());
        sqTailAt = params.getInt(44);
        sqMask = params.getInt(0) - 1;
        sqFlagsAt = params.getInt(56);
        cqHeadAt = params.getInt(80);
        cqTailAt = params.getInt(84);
        cqMask = params.getInt(4) - 1;
        cqesAt = params.getInt(100);
        int array = params.getInt(64);
        for (int i = 0; i <= sqMask; i++) {
            ring.putInt(array + 4 * i, i);
        }
    }

    private static ByteOrder nativeOrder() {
        return ByteOrder.nativeOrder();
    }

    /** The system call itself. */
    public static long enter(int fd, int entries, int flags) {
        long taken = Libc.syscall(SYS_ENTER, fd, entries, 0, flags, 0, 0);
        return taken < 0 ? -Libc.errno() : taken;
    }

    /**
     * A ring that knows the operations named here.
     *
     * @param depth operations in progress at most; the caller keeps to it
     * @param enter {@link #enter}
     * @param fds the files that operations name by their index
     * @throws OsException the kernel has no io_uring, too old a one, or forbids it
     */
    public static IoUring open(int depth, Enter enter, int... fds) throws OsException {
        ByteBuffer params = ByteBuffer.allocateDirect(PARAMS_BYTES).order(nativeOrder());
        int fd = setup(depth, params);
        NativeMemory rings = null;
        try {
            if ((params.getInt(20) & NEEDED_FEATURES) != NEEDED_FEATURES) {
                throw new OsException("io_uring_setup: features", Errno.EOPNOTSUPP);
            }
            probe(fd);
            registerFiles(fd, fds);
            long sqBytes = params.getInt(64) + 4L * params.getInt(0);
            long cqBytes = params.getInt(100) + (long) CQE_BYTES * params.getInt(4);
            rings = NativeMemory.mapShared(fd, Math.max(sqBytes, cqBytes));
            long entryBytes = (long) SQE_BYTES * params.getInt(0);
            NativeMemory entries = NativeMemory.mapShared(fd, entryBytes, OFF_SQES);
            return new IoUring(fd, enter, params, rings, entries);
        } catch (OsException e) {
            if (rings != null) {
                rings.close();
            }
            Libc.close(fd);
            throw e;
        }
    }

    private static int setup(int depth, ByteBuffer params) throws OsException {
        int errno = Errno.EINVAL;
        for (int i = 0; i < SETUPS.length && errno == Errno.EINVAL; i++) {
            for (int at = 0; at < PARAMS_BYTES; at += 8) {
                params.putLong(at, 0);
            }
            params.putInt(4, 4 * depth).putInt(8, SETUPS[i] | SETUP_CQSIZE | SETUP_CLAMP);
            long fd = Libc.syscall(SYS_SETUP, depth, Libc.address(params), 0, 0, 0, 0);
            if (fd >= 0) {
                return (int) fd;
            }
            errno = Libc.errno();
        }
        throw new OsException("io_uring_setup", errno);
    }

    /** Each operation tells for itself whether it is there: struct io_uring_probe. */
    private static void probe(int fd) throws OsException {
        ByteBuffer probe = ByteBuffer.allocateDirect(16 + 8 * PROBE_OPS).order(nativeOrder());
        register(fd, REGISTER_PROBE, Libc.address(probe), PROBE_OPS);
        for (int op : new int[] {OP_READV, OP_WRITEV, OP_FSYNC, OP_READ, OP_WRITE}) {
            if (op > (probe.get(0) & 0xff) || (probe.getShort(16 + 8 * op + 2) & 1) == 0) {
                throw new OsException("io_uring: operation " + op, Errno.EOPNOTSUPP);
            }
        }
    }

    private static void registerFiles(int fd, int... fds) throws OsException {
        ByteBuffer list = ByteBuffer.allocateDirect(4 * fds.length).order(nativeOrder());
        for (int i = 0; i < fds.length; i++) {
            list.putInt(4 * i, fds[i]);
        }
        register(fd, REGISTER_FILES, Libc.address(list), fds.length);
    }

    private static void register(int fd, int opcode, long argument, int count) throws OsException {
        if (Libc.syscall(SYS_REGISTER, fd, opcode, argument, count, 0, 0) < 0) {
            throw OsException.last("io_uring_register");
        }
    }

    /** Polls readable (POLLIN) while {@link #hasCompletion} would answer true. */
    public int fd() {
        return fd;
    }

    /**
     * Puts an operation into the ring, for the next {@link #submit}.
     *
     * @param opcode one of the {@code OP_} constants
     * @param file index of a file given to {@link #open}
     * @param address of the data, or of the iovecs
     * @param length bytes of data, or number of iovecs
     * @param flags of preadv2(2), or {@link #FSYNC_DATASYNC}
     * @param userData comes back with the result
     */
    public void prepare(
            int opcode,
            int file,
            long address,
            int length,
            long position,
            int flags,
            int userData) {
        int at = (sqTail & sqMask) * SQE_BYTES;
        entries.putInt(at, opcode | SQE_FIXED_FILE << 8);
        entries.putInt(at + 4, file);
        entries.putLong(at + 8, position);
        entries.putLong(at + 16, address);
        entries.putInt(at + 24, length);
        entries.putInt(at + 28, flags);
        entries.putLong(at + 32, userData);
        entries.putLong(at + 40, 0);
        sqTail++;
        unsubmitted++;
    }

    /**
     * Hands over what was prepared; no system call when that is nothing.
     *
     * @return false when the kernel did not take all of it now (EAGAIN: it has no memory; EBUSY:
     *     there are results to be taken first): to be called again
     */
    public boolean submit() {
        if (unsubmitted == 0) {
            return true;
        }
        INT.setRelease(ring, sqTailAt, sqTail);
        long taken;
        do {
            taken = enter.enter(fd, unsubmitted, 0);
            unsubmitted -= (int) Math.max(0, taken);
        } while (unsubmitted > 0 && (taken > 0 || taken == -Errno.EINTR));
        return unsubmitted == 0;
    }

    /** How many prepared operations the kernel has not taken. */
    public int unsubmitted() {
        return unsubmitted;
    }

    /** Whether a result waits; work that the kernel left to this thread is done first. */
    public boolean hasCompletion() {
        if (cqHead != (int) INT.getAcquire(ring, cqTailAt)) {
            return true;
        }
        int flags = (int) INT.getAcquire(ring, sqFlagsAt);
        if ((flags & (SQ_TASKRUN | SQ_CQ_OVERFLOW)) == 0) {
            return false;
        }
        enter.enter(fd, 0, ENTER_GETEVENTS);
        return cqHead != (int) INT.getAcquire(ring, cqTailAt);
    }

    /** The next result's operation. */
    public int userData() {
        return (int) ring.getLong(cqesAt + (cqHead & cqMask) * CQE_BYTES);
    }

    /** The next result: a count, or an errno negated. */
    public int result() {
        return ring.getInt(cqesAt + (cqHead & cqMask) * CQE_BYTES + 8);
    }

    /** Done with the next result. */
    public void advance() {
        cqHead++;
        INT.setRelease(ring, cqHeadAt, cqHead);
    }

    /** How many results the kernel has posted that were not taken; any thread may look. */
    public int posted() {
        return (int) INT.getAcquire(ring, cqTailAt) - cqHead;
    }

    /**
     * Operations in progress go on without a ring: only when there are none may memory be reused.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            // The kernel takes a ring apart some time after; the files shall be free at once.
            Libc.syscall(SYS_REGISTER, fd, UNREGISTER_FILES, 0, 0, 0, 0);
            Libc.close(fd);
            ringMemory.close();
            entryMemory.close();
        }
    }
}
