// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The program that seccomp(2) runs for each system call: what {@link SystemCalls} lists is allowed,
 * some of it with certain arguments only, all else fails. Nothing ends the process: a call that the
 * list has forgotten is to be an error in the log, not hosts that lose their disks.
 *
 * <ul>
 *   <li>socket: Unix, netlink and packet sockets, and datagram sockets of IPv4, which only
 *       netdevice ioctls are asked of
 *   <li>clone: threads, in no other namespace. clone3, whose arguments lie in memory, does not
 *       exist.
 *   <li>kill, tgkill: this process only, and who controls it
 *   <li>prctl: names of threads and memory
 *   <li>ioctl: all but what types for whoever sits at a terminal
 * </ul>
 */
final class SystemCallFilter {
    static final int INSTRUCTION_BYTES = 8;

    // linux/bpf_common.h, linux/filter.h
    private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private static final int JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private static final int JUMP_GREATER = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    private static final int JUMP_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
    private static final int RETURN = 0x06; // BPF_RET | BPF_K

    // linux/seccomp.h
    private static final int ALLOW = 0x7fff0000;
    private static final int ERRNO = 0x00050000;
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    private static final int ARGUMENTS = 16;
    private static final int ARGUMENT_BYTES = 8;

    // linux/sched.h: any namespace
    private static final int CLONE_THREAD = 0x00010000;
    private static final int CLONE_NEW = 0x7e020000;

    // linux/prctl.h
    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_NAME = 15;
    private static final int PR_GET_NAME = 16;
    private static final int PR_CAPBSET_READ = 23;
    private static final int PR_SET_VMA = 0x53564d41;

    // asm-generic/ioctls.h
    private static final int TIOCSTI = 0x5412;
    private static final int TIOCLINUX = 0x541c;

    private static final int AF_INET = 2;
    private static final int SOCKET_TYPE = 0xf;

    private final Map<String, Integer> calls;
    private final List<long[]> instructions = new ArrayList<>();

    private SystemCallFilter(Map<String, Integer> calls) {
        this.calls = new LinkedHashMap<>(calls);
    }

    /**
     * The program, in native byte order.
     *
     * @param calls what is allowed, by name
     * @param architecture AUDIT_ARCH_ of the processor
     * @param pid of this process
     * @param controller of the process that controls this one, and may be signalled; 0 for none
     */
    static ByteBuffer program(
            Map<String, Integer> calls, int architecture, int pid, int controller) {
        return new SystemCallFilter(calls).build(architecture, pid, controller);
    }

    private ByteBuffer build(int architecture, int pid, int controller) {
        int youngest = Collections.max(calls.values());
        add(LOAD, ARCHITECTURE, 0, 0);
        add(JUMP_EQUAL, architecture, 1, 0);
        fail(Errno.EPERM);
        add(LOAD, NUMBER, 0, 0);
        rule("clone3", 0, () -> fail(Errno.ENOSYS));
        rule("socket", 0, this::sockets);
        rule("socketpair", 0, () -> only(Set.of(Sockets.AF_UNIX), Errno.EAFNOSUPPORT));
        rule("clone", 0, this::threads);
        rule("kill", 1, () -> signals(pid, controller));
        rule("tgkill", 0, () -> only(Set.of(pid), Errno.EPERM));
        rule(
                "prctl",
                0,
                () ->
                        only(
                                Set.of(
                                        PR_SET_NAME,
                                        PR_GET_NAME,
                                        PR_SET_VMA,
                                        PR_GET_DUMPABLE,
                                        PR_CAPBSET_READ),
                                Errno.EPERM));
        rule("ioctl", 1, this::noTyping);
        calls.values().forEach(this::allow);
        add(JUMP_GREATER, youngest, 0, 1);
        fail(Errno.ENOSYS);
        fail(Errno.EPERM);
        return encoded();
    }

    /** A call whose argument is looked at; the body ends in every case. */
    private void rule(String call, int argument, Runnable body) {
        Integer number = calls.remove(call);
        if (number == null) {
            throw new IllegalArgumentException(call + " is not in the list");
        }
        int jump = instructions.size();
        add(JUMP_EQUAL, number, 0, 0);
        loadArgument(argument);
        body.run();
        instructions.get(jump)[3] = instructions.size() - jump - 1L;
    }

    private void loadArgument(int argument) {
        add(LOAD, ARGUMENTS + argument * ARGUMENT_BYTES, 0, 0); // its low half: little-endian
    }

    private void sockets() {
        List.of(Sockets.AF_UNIX, Sockets.AF_NETLINK, Sockets.AF_PACKET).forEach(this::allow);
        add(JUMP_EQUAL, AF_INET, 0, 4);
        loadArgument(1);
        add(AND, SOCKET_TYPE, 0, 0);
        allow(Sockets.SOCK_DGRAM);
        fail(Errno.EAFNOSUPPORT);
    }

    private void threads() {
        add(JUMP_ANY_BIT, CLONE_NEW, 2, 0);
        add(JUMP_ANY_BIT, CLONE_THREAD, 0, 1);
        add(RETURN, ALLOW, 0, 0);
        fail(Errno.EPERM);
    }

    private void signals(int pid, int controller) {
        allow(0); // is it there?
        loadArgument(0);
        if (controller != 0) {
            allow(controller);
        }
        only(Set.of(pid), Errno.EPERM);
    }

    private void noTyping() {
        for (int request : List.of(TIOCSTI, TIOCLINUX)) {
            add(JUMP_EQUAL, request, 0, 1);
            fail(Errno.EPERM);
        }
        add(RETURN, ALLOW, 0, 0);
    }

    private void only(Set<Integer> values, int errno) {
        values.forEach(this::allow);
        fail(errno);
    }

    private void allow(int value) {
        add(JUMP_EQUAL, value, 0, 1);
        add(RETURN, ALLOW, 0, 0);
    }

    private void fail(int errno) {
        add(RETURN, ERRNO | errno, 0, 0);
    }

    /**
     * @param yes instructions to skip when the condition holds
     * @param no the same when it does not
     */
    private void add(int code, int operand, int yes, int no) {
        instructions.add(new long[] {code, operand, yes, no});
    }

    private ByteBuffer encoded() {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(instructions.size() * INSTRUCTION_BYTES)
                        .order(ByteOrder.nativeOrder());
        for (long[] instruction : instructions) {
            bytes.putShort((short) instruction[0]);
            bytes.put((byte) instruction[2]).put((byte) instruction[3]);
            bytes.putInt((int) instruction[1]);
        }
        return bytes.flip();
    }
}
