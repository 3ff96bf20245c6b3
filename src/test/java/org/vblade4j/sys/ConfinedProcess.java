// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;

/**
 * A process that confines itself and then tries what is refused and what is not, on a thread that
 * was there before and on one that is started after; see {@link SeccompTest}. Prints a line for
 * each: NAME RESULT, where the result is an errno, or 0.
 */
final class ConfinedProcess {
    private static final boolean X86 = !System.getProperty("os.arch").equals("aarch64");
    private static final int SIGURG = 23;

    /** CLONE_SIGHAND without CLONE_VM: nothing a kernel does. */
    private static final int NO_CLONE = 0x800;

    private static final int NO_PTRACE = 0x7fff;
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private ConfinedProcess() {}

    /** Numbers of calls that are not in the list. */
    private static Map<String, Integer> refused() {
        Map<String, Integer> calls = new LinkedHashMap<>();
        calls.put("ptrace", X86 ? 101 : 117);
        calls.put("process_vm_readv", X86 ? 310 : 270);
        calls.put("process_vm_writev", X86 ? 311 : 271);
        calls.put("mount", X86 ? 165 : 40);
        calls.put("unshare", X86 ? 272 : 97);
        calls.put("setns", X86 ? 308 : 268);
        calls.put("chroot", X86 ? 161 : 51);
        calls.put("bpf", X86 ? 321 : 280);
        calls.put("init_module", X86 ? 175 : 105);
        calls.put("finit_module", X86 ? 313 : 273);
        calls.put("kexec_load", X86 ? 246 : 104);
        calls.put("add_key", X86 ? 248 : 217);
        calls.put("keyctl", X86 ? 250 : 219);
        calls.put("userfaultfd", X86 ? 323 : 282);
        calls.put("perf_event_open", X86 ? 298 : 241);
        calls.put("execve", X86 ? 59 : 221);
        calls.put("execveat", X86 ? 322 : 281);
        calls.put("setuid", X86 ? 105 : 146);
        calls.put("capset", X86 ? 126 : 91);
        calls.put("pidfd_getfd", 438);
        calls.put("reboot", X86 ? 169 : 142);
        calls.put("swapon", X86 ? 167 : 224);
        return calls;
    }

    private static void show(String what, long result) {
        int errno = Libc.errno();
        OUT.println(what + " " + (result < 0 ? errno : 0));
    }

    private static void call(String what, int number, long... arguments) {
        long[] all = new long[6];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        show(what, Libc.syscall(number, all[0], all[1], all[2], all[3], all[4], all[5]));
    }

    private static void tryRefused(String thread) {
        refused().forEach((name, number) -> call(thread + "." + name, number, NO_PTRACE));
        call(thread + ".fork", X86 ? 56 : 220, NO_CLONE);
        call(
                thread + ".thread-in-namespace",
                X86 ? 56 : 220,
                0x10000 | NO_CLONE | Linux.CLONE_NEWNET);
        call(thread + ".clone3", 435);
        call(thread + ".unknown", 470);
        call(thread + ".kill-1", X86 ? 62 : 129, 1, SIGURG);
        call(thread + ".no-new-privs-again", X86 ? 157 : 167, 38, 1);
        show(thread + ".tcp", Libc.socket(2, 1, 0));
        show(thread + ".raw-ip", Libc.socket(2, Sockets.SOCK_RAW, 1));
        show(thread + ".tcp6", Libc.socket(10, 1, 0));
        show(thread + ".vsock", Libc.socket(40, 1, 0));
        show(thread + ".type-for-a-terminal", Libc.ioctl(0, 0x5412, 0));
    }

    private static void tryAllowed() throws Exception {
        for (int family : new int[] {Sockets.AF_UNIX, Sockets.AF_NETLINK, Sockets.AF_PACKET}) {
            show("family-" + family, Libc.socket(family, Sockets.SOCK_RAW, 0));
        }
        show("ioctl-socket", Libc.socket(2, Sockets.SOCK_DGRAM, 0));
        call("is-1-there", X86 ? 62 : 129, 1, 0);
        Path file = Files.createTempFile("confined", "");
        Files.writeString(file, "x".repeat(100_000));
        Files.move(file, file.resolveSibling(file.getFileName() + ".moved"));
        Files.delete(file.resolveSibling(file.getFileName() + ".moved"));
        List<byte[]> heap = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            heap.add(new byte[1 << 20]);
        }
        OUT.println("heap-of-" + heap.size() + "-MiB 0");
        System.gc();
    }

    public static void main(String[] arguments) throws Exception {
        SynchronousQueue<Boolean> confined = new SynchronousQueue<>();
        Thread before = new Thread(() -> onceConfined(confined));
        before.start();
        Seccomp.confine(0);
        confined.put(true);
        before.join();
        Thread after = new Thread(() -> tryRefused("after"));
        after.start();
        after.join();
        tryAllowed();
        try {
            new ProcessBuilder("true").start();
            OUT.println("program 0");
        } catch (IOException e) {
            OUT.println("program 1");
        }
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("NoNewPrivs:") || line.startsWith("Seccomp:"))
                .forEach(OUT::println);
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                Files.readAllLines(task.resolve("status")).stream()
                        .filter(line -> line.startsWith("Seccomp:"))
                        .forEach(line -> OUT.println("thread " + line));
            }
        }
    }

    private static void onceConfined(SynchronousQueue<Boolean> confined) {
        try {
            confined.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        tryRefused("before");
    }
}
