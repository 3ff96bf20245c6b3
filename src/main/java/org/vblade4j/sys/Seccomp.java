// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Confines this process to the system calls that a supervisor needs, see seccomp(2). */
public final class Seccomp {
    // linux/prctl.h, linux/seccomp.h
    private static final long PR_SET_NO_NEW_PRIVS = 38;
    private static final long SECCOMP_SET_MODE_FILTER = 1;

    /** All threads, not only this one. */
    private static final long SECCOMP_FILTER_FLAG_TSYNC = 1;

    /** Or old kernels would make the whole process slower, as if it ran foreign code. */
    private static final long SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;

    // struct sock_fprog
    private static final int FPROG_BYTES = 16;
    private static final int FPROG_FILTER = 8;

    /**
     * What a list of system calls is made for.
     *
     * @param column of {@link SystemCalls}
     * @param audit AUDIT_ARCH_, linux/audit.h
     */
    record Architecture(int column, int audit) {}

    private static final Architecture HERE = architecture(System.getProperty("os.arch"));

    private Seccomp() {}

    /** Null where there is no list. */
    static Architecture architecture(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> new Architecture(1, 0xc000003e);
            case "aarch64" -> new Architecture(2, 0xc00000b7);
            default -> null;
        };
    }

    /**
     * From now on every thread of this process, and each that it starts, is confined, for good; and
     * none can gain privileges by starting a program.
     *
     * @param controller the process that this one may signal beside itself; 0 for none
     * @throws OsException the kernel does not do it, or there is no list for this processor;
     *     nothing has changed then
     */
    public static void confine(long controller) throws OsException {
        if (HERE == null) {
            throw new OsException("seccomp", Errno.EOPNOTSUPP);
        }
        var calls = SystemCalls.read(HERE.column());
        int prctl = calls.get("prctl");
        int pid = Math.toIntExact(ProcessHandle.current().pid());
        ByteBuffer program =
                SystemCallFilter.program(calls, HERE.audit(), pid, Math.toIntExact(controller));
        ByteBuffer fprog = ByteBuffer.allocateDirect(FPROG_BYTES).order(ByteOrder.nativeOrder());
        fprog.putShort(0, (short) (program.remaining() / SystemCallFilter.INSTRUCTION_BYTES));
        fprog.putLong(FPROG_FILTER, Libc.address(program));
        if (Libc.syscall(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0) != 0) {
            throw OsException.last("prctl(PR_SET_NO_NEW_PRIVS)");
        }
        long flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
        long result =
                Libc.syscall(
                        seccompNumber(),
                        SECCOMP_SET_MODE_FILTER,
                        flags,
                        Libc.address(fprog),
                        0,
                        0,
                        0);
        if (result > 0) { // the number of a thread that has a filter of its own
            throw new OsException("seccomp: thread " + result, Errno.EBUSY);
        } else if (result < 0) {
            throw OsException.last("seccomp");
        }
    }

    private static int seccompNumber() {
        return HERE.column() == 1 ? 317 : 277;
    }
}
