// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.store.FuseFile;
import org.vblade4j.store.VolatileDisk;
import org.vblade4j.testing.PrivateNetworkExtension;

/**
 * A file system whose server does not answer, as a dead NFS server does not, and others' files on
 * it: who exports a file or device elsewhere does not wait for it. Needs root.
 */
@Tag("live")
@ExtendWith(PrivateNetworkExtension.class)
@Timeout(120)
class HungFileSystemLiveTest {
    private static final int SECTORS = 8192;
    private static final long QUICK_S = 5;

    @TempDir Path directory;
    private final DeviceClaims claims = new DeviceClaims();
    private final VolatileDisk disk = new VolatileDisk(SECTORS);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Deque<List<String>> undo = new ArrayDeque<>();
    private final Deque<Process> processes = new ArrayDeque<>();
    private FuseFile hung;
    private Path image;

    @BeforeEach
    void mount() throws Exception {
        image = Files.write(directory.resolve("disk.img"), new byte[8 << 20]);
        hung = FuseFile.mount(disk, Files.createDirectory(directory.resolve("far")));
    }

    @AfterEach
    void undoAll() throws Exception {
        goOn.countDown();
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        while (!undo.isEmpty()) {
            run(undo.pop().toArray(String[]::new));
        }
        hung.close();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + output);
        return output.strip();
    }

    private Path loop(Path file) throws Exception {
        String device = run("losetup", "--find", "--show", file.toString());
        undo.push(List.of("losetup", "--detach", device));
        return Path.of(device);
    }

    /** Somebody has the file open and has read of it: the kernel asks the server for its status. */
    private Process holder() throws Exception {
        String script = "exec 3<>" + hung.path() + "; head -c 4096 <&3 >/dev/null; echo held; cat";
        Process process = new ProcessBuilder("sh", "-c", script).start();
        processes.add(process);
        assertEquals("held", process.inputReader().readLine());
        return process;
    }

    /** The server's thread waits for the disk, and everybody for the server. */
    private void hang() throws Exception {
        CountDownLatch still = new CountDownLatch(1);
        Thread holding =
                new Thread(
                        () -> {
                            synchronized (disk) {
                                still.countDown();
                                awaitGoOn();
                            }
                        });
        holding.setDaemon(true);
        holding.start();
        still.await();
        processes.add(new ProcessBuilder("sync", hung.path().toString()).inheritIO().start());
        while (!serverWaits()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        FutureTask<Long> size =
                inBackground(() -> Files.getLastModifiedTime(hung.path()).toMillis());
        assertThrows(
                TimeoutException.class,
                () -> size.get(200, TimeUnit.MILLISECONDS),
                "it does not hang");
    }

    private void awaitGoOn() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean serverWaits() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(
                        thread ->
                                thread.getName().equals("fuse")
                                        && thread.getState() == Thread.State.BLOCKED);
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "background");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private void claimQuickly(Path path) throws Exception {
        ClaimRequest request = new ClaimRequest("a", "e1.1", path, true, false, 0, 0);
        FutureTask<Claim> claim = inBackground(() -> claims.claim(request));
        claim.get(QUICK_S, TimeUnit.SECONDS).close();
    }

    @Test
    void aFileThatAnotherHasOpenThereHoldsUpNobody() throws Exception {
        Process holder = holder();
        Path device = loop(image);
        hang();
        claimQuickly(device);
        undo.pop();
        run("losetup", "--detach", device.toString());
        claimQuickly(image);
        assertTrue(holder.isAlive());
    }

    @Test
    void aLoopDeviceOverAFileThereHoldsUpNobody() throws Exception {
        loop(hung.path());
        holder().destroyForcibly().waitFor();
        hang();
        claimQuickly(image);
    }

    @Test
    void aMountThatNamesAFileThereHoldsUpNobody() throws Exception {
        holder().destroyForcibly().waitFor();
        Path where = Files.createDirectory(directory.resolve("named"));
        run("mount", "-t", "tmpfs", hung.path().toString(), where.toString());
        undo.push(List.of("umount", where.toString()));
        Path device = loop(image);
        hang();
        claimQuickly(device);
    }

    /** What could not be told of the hung one is still told of the others. */
    @Test
    void aWriterIsStillFound() throws Exception {
        holder();
        Process writer =
                new ProcessBuilder("sh", "-c", "exec 3<>" + image + "; echo held; cat").start();
        processes.add(writer);
        assertEquals("held", writer.inputReader().readLine());
        hang();
        ClaimRequest request = new ClaimRequest("a", "e1.1", image, true, false, 0, 0);
        FutureTask<Claim> claim = inBackground(() -> claims.claim(request));
        Exception refused =
                assertThrows(Exception.class, () -> claim.get(QUICK_S, TimeUnit.SECONDS).close());
        assertTrue(refused.getCause() instanceof IOException, refused.toString());
        assertTrue(
                refused.getMessage().contains("open for writing by process " + writer.pid()),
                refused.getMessage());
    }
}
