// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SeccompTest {
    private static final List<String> NEVER =
            List.of(
                    "execve",
                    "execveat",
                    "ptrace",
                    "process_vm_readv",
                    "process_vm_writev",
                    "mount",
                    "unshare",
                    "setns",
                    "chroot",
                    "bpf",
                    "init_module",
                    "keyctl",
                    "userfaultfd",
                    "perf_event_open",
                    "kexec_load",
                    "fork",
                    "vfork",
                    "setuid");

    @Test
    void bothListsHaveEachCallOnceAndNothingThatIsRefused() {
        for (int column = 1; column <= 2; column++) {
            Map<String, Integer> calls = SystemCalls.read(column);
            assertEquals(calls.size(), new HashSet<>(calls.values()).size(), "a number twice");
            NEVER.forEach(name -> assertFalse(calls.containsKey(name), name));
        }
        assertEquals(0, SystemCalls.read(1).get("read"));
        assertEquals(63, SystemCalls.read(2).get("read"));
    }

    @Test
    void theProgramFitsTheKernelAndItsJumpsFitIt() {
        for (String name : List.of("amd64", "aarch64")) {
            Seccomp.Architecture here = Seccomp.architecture(name);
            ByteBuffer program =
                    SystemCallFilter.program(SystemCalls.read(here.column()), here.audit(), 1, 2);
            int count = program.remaining() / SystemCallFilter.INSTRUCTION_BYTES;
            assertTrue(count > 200 && count <= 4096, "instructions: " + count);
        }
    }

    private static List<String> confined() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ConfinedProcess.class.getName())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        List<String> said = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor(), said.toString());
        return said;
    }

    @Test
    @Tag("live") // raw sockets need root
    void whatIsRefusedFailsInEveryThreadAndWhatIsAllowedWorks() throws Exception {
        List<String> said = confined();
        int refused = 0;
        for (String line : said) {
            String[] words = line.split("\\s+");
            String name = words[0];
            if (name.startsWith("before.") || name.startsWith("after.")) {
                refused++;
                assertNotEquals("0", words[1], line);
                String expected =
                        switch (name.substring(name.indexOf('.') + 1)) {
                            case "clone3", "unknown" -> "" + Errno.ENOSYS;
                            case "tcp", "tcp6", "raw-ip", "vsock" -> "" + Errno.EAFNOSUPPORT;
                            default -> "" + Errno.EPERM;
                        };
                assertEquals(expected, words[1], line);
            } else if (name.startsWith("family-") || name.startsWith("heap-of-")) {
                assertEquals("0", words[1], line);
            }
        }
        assertEquals(2 * 33, refused, said.toString());
        for (String line :
                List.of("ioctl-socket 0", "is-1-there 0", "heap-of-100-MiB 0", "program 1")) {
            assertTrue(said.contains(line), line + " in " + said);
        }
        assertTrue(said.contains("NoNewPrivs:\t1") && said.contains("Seccomp:\t2"), "" + said);
        List<String> threads = said.stream().filter(line -> line.startsWith("thread")).toList();
        assertTrue(threads.size() > 5, threads.toString());
        threads.forEach(line -> assertEquals("thread Seccomp:\t2", line));
    }
}
