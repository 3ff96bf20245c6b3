// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.testing.PrivateNetworkExtension;

/**
 * Real files, loop devices, mounts and processes; needs root. In namespaces of its own: a mount
 * that another test's namespace has a copy of does not end with ours.
 */
@Tag("live")
@ExtendWith(PrivateNetworkExtension.class)
@Timeout(60)
class DeviceClaimsLiveTest {
    private static final int MIB = 1 << 20;

    @TempDir Path directory;
    private final DeviceClaims claims = new DeviceClaims();

    /** Another process, as far as locks are concerned: they belong to an opening of the file. */
    private final DeviceClaims stranger = new DeviceClaims();

    private final Deque<List<String>> undo = new ArrayDeque<>();
    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        image = Files.write(directory.resolve("disk.img"), new byte[8 * MIB]);
    }

    @AfterEach
    void undoAll() throws Exception {
        while (!undo.isEmpty()) {
            run(undo.pop().toArray(String[]::new));
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output);
        }
        return output.strip();
    }

    private Path loop(String... options) throws Exception {
        String[] command = {"losetup", "--find", "--show"};
        String[] all = Arrays.copyOf(command, 4 + options.length);
        System.arraycopy(options, 0, all, 3, options.length);
        all[all.length - 1] = image.toString();
        String device = run(all);
        undo.push(List.of("losetup", "--detach", device));
        return Path.of(device);
    }

    private static ClaimRequest write(String owner, String place, Path path) {
        return new ClaimRequest(owner, place, path, true, false, 0, 0);
    }

    private static ClaimRequest window(String owner, Path path, long from, long lengthBytes) {
        return new ClaimRequest(owner, owner, path, true, false, from, lengthBytes);
    }

    private static ClaimRequest read(String owner, Path path) {
        return new ClaimRequest(owner, owner, path, false, false, 0, 0);
    }

    private static ClaimRequest insisting(Path path) {
        return new ClaimRequest("forced", "e9.9", path, true, true, 0, 0);
    }

    private static String refusal(DeviceClaims claims, ClaimRequest request) {
        return assertThrows(DeviceInUseException.class, () -> claims.claim(request).close())
                .getMessage();
    }

    private static void assertRefused(DeviceClaims claims, ClaimRequest request, String... why) {
        String message = refusal(claims, request);
        assertTrue(message.startsWith(request.path() + ": "), message);
        for (String part : why) {
            assertTrue(message.contains(part), message);
        }
        assertTrue(message.contains("device-in-use = warn"), message);
    }

    @Test
    void aFileHasOneWriterWhateverItsNames() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), image);
        Path hard = Files.createLink(directory.resolve("hard"), image);
        try (Claim first = claims.claim(write("a", "e1.1", image))) {
            assertTrue(first.request().writable());
            assertRefused(claims, write("b", "e1.2", link), "exported read-write as 'a' (e1.1)");
            assertRefused(claims, write("b", "e1.2", hard), "exported read-write as 'a' (e1.1)");
            assertRefused(stranger, write("b", "e1.2", hard), "locked by another process");
            claims.claim(read("reader", hard)).close();
            claims.claim(insisting(hard)).close();
            assertRefused(claims, write("b", "e1.2", hard), "'a'");
        }
        claims.claim(write("b", "e1.2", hard)).close();
        stranger.claim(write("b", "e1.2", hard)).close();
    }

    @Test
    void twoPathsToOneDiskAreOneWriterUntilBothAreGone() throws Exception {
        Claim first = claims.claim(write("eth0", "e1.1", image));
        Claim second = claims.claim(write("eth1", "e1.1", image));
        first.close();
        first.close();
        assertRefused(stranger, write("b", "e1.2", image), "locked");
        second.close();
        stranger.claim(write("b", "e1.2", image)).close();
    }

    @Test
    void windowsThatDoNotOverlapAreFineAndOthersAreNot() throws Exception {
        try (Claim low = claims.claim(window("low", image, 0, MIB));
                Claim high = stranger.claim(window("high", image, MIB, 0))) {
            assertTrue(low.request().range().overlaps(low.request().range()));
            assertRefused(claims, window("c", image, MIB - 512, 512), "'low'");
            assertRefused(claims, window("c", image, 2 * MIB, 512), "locked by another process");
            assertTrue(high.request().writable());
        }
    }

    @Test
    void windowsOfABlockDeviceShareItAcrossProcesses() throws Exception {
        Path device = loop();
        try (Claim low = claims.claim(window("low", device, 0, MIB));
                Claim mid = claims.claim(window("mid", device, MIB, MIB));
                Claim high = stranger.claim(window("high", device, 2 * MIB, MIB))) {
            assertTrue(low.request().writable() && mid.request().writable());
            assertRefused(stranger, window("c", device, 0, 512), "locked by another process");
            assertRefused(claims, window("c", device, 0, 512), "'low'");
            assertTrue(high.request().writable());
        }
    }

    @Test
    void aMountedDeviceIsRefusedAndAClaimedOneCannotBeMounted() throws Exception {
        Path device = loop();
        run("mkfs.ext4", "-q", device.toString());
        Path mountPoint = Files.createDirectory(directory.resolve("mnt"));
        run("mount", device.toString(), mountPoint.toString());
        undo.push(List.of("umount", mountPoint.toString()));
        assertRefused(claims, write("a", "e1.1", device), "mounted on " + mountPoint);
        claims.claim(insisting(device)).close();
        claims.claim(read("a", device)).close();
        run(undo.pop().toArray(String[]::new));

        try (Claim held = claims.claim(write("a", "e1.1", device))) {
            assertTrue(held.request().writable());
            String[] mount = {"mount", device.toString(), mountPoint.toString()};
            assertThrows(IllegalStateException.class, () -> run(mount));
        }
    }

    @Test
    void aMountThatThisNamespaceDoesNotShowIsRefusedToo() throws Exception {
        Path device = loop();
        run("mkfs.ext4", "-q", device.toString());
        Path mountPoint = Files.createDirectory(directory.resolve("elsewhere"));
        String script = "mount " + device + " " + mountPoint + " && echo mounted && exec sleep 60";
        Process hidden = new ProcessBuilder("unshare", "-m", "sh", "-c", script).start();
        try {
            String said = hidden.inputReader().readLine();
            assertTrue("mounted".equals(said), said);
            assertRefused(claims, write("a", "e1.1", device), "in exclusive use");
        } finally {
            hidden.destroyForcibly().waitFor();
        }
    }

    @Test
    void theFileUnderALoopDeviceIsTheLoopDevice() throws Exception {
        Path device = loop();
        assertRefused(claims, write("a", "e1.1", image), device + " is set up over it");
        try (Claim held = claims.claim(write("a", "e1.1", device))) {
            assertTrue(held.request().writable());
            assertRefused(claims, write("b", "e1.2", image), device.toString());
            assertRefused(stranger, write("b", "e1.2", device), "");
        }
        claims.claim(insisting(image)).close();
    }

    @Test
    void aReadOnlyLoopDeviceIsNoWriter() throws Exception {
        loop("--read-only");
        claims.claim(write("a", "e1.1", image)).close();
    }

    @Test
    void aFileThatIsExportedKeepsALoopDeviceOverItFromBeingExported() throws Exception {
        try (Claim held = claims.claim(write("a", "e1.1", image))) {
            assertTrue(held.request().writable());
            Path device = loop();
            assertThrows(
                    DeviceInUseException.class,
                    () -> stranger.claim(write("b", "e1.2", device)).close());
        }
    }

    @Test
    void aDiskAndItsPartitionHaveOneWriter() throws Exception {
        ByteBuffer table = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        table.put(450, (byte) 0x83).putInt(454, 2048).putInt(458, 4096);
        table.put(466, (byte) 0x83).putInt(470, 8192).putInt(474, 4096);
        table.putShort(510, (short) 0xaa55);
        Files.write(image, table.array(), StandardOpenOption.WRITE);
        Path device = loop("--partscan");
        Path first = partition(device, 1, "2048", "4096");
        Path second = partition(device, 2, "8192", "4096");
        try (Claim held = claims.claim(write("a", "e1.1", first))) {
            assertTrue(held.request().writable());
            assertRefused(claims, write("b", "e1.2", device), first + " is exported", "'a'");
            claims.claim(write("c", "e1.3", second)).close();
        }
        try (Claim held = claims.claim(write("a", "e1.1", device))) {
            assertTrue(held.request().writable());
            assertRefused(claims, write("b", "e1.2", first), device + " is exported", "'a'");
        }
        run("mkfs.ext4", "-q", first.toString());
        Path mountPoint = Files.createDirectory(directory.resolve("mnt"));
        run("mount", first.toString(), mountPoint.toString());
        undo.push(List.of("umount", mountPoint.toString()));
        assertRefused(claims, write("b", "e1.2", device), first + " is mounted on");
        claims.claim(write("c", "e1.3", second)).close();
    }

    /** Without udev nobody makes the node. */
    private Path partition(Path device, int number, String start, String sectors) throws Exception {
        Path node = Path.of(device + "p" + number);
        Path sysfs = Path.of("/sys/class/block", node.getFileName().toString(), "dev");
        if (!Files.exists(sysfs)) {
            run("addpart", device.toString(), String.valueOf(number), start, sectors);
        }
        if (!Files.exists(node)) {
            String[] numbers = Files.readString(sysfs).strip().split(":");
            run("mknod", node.toString(), "b", numbers[0], numbers[1]);
            undo.addLast(List.of("rm", "-f", node.toString()));
        }
        return node;
    }

    @Test
    void swapIsRefused() throws Exception {
        Path swap = Files.createFile(directory.resolve("swap"));
        run("chmod", "600", swap.toString());
        run("dd", "if=/dev/zero", "of=" + swap, "bs=1M", "count=4", "status=none");
        image = swap;
        Path device = loop();
        run("mkswap", device.toString());
        run("swapon", device.toString());
        undo.push(List.of("swapoff", device.toString()));
        assertRefused(claims, write("a", "e1.1", device), "used for swapping");
    }

    @Test
    void aProcessThatHasItOpenForWritingIsNamedAndOneThatReadsIsNot() throws Exception {
        Process reader = holder("exec sleep 60 <" + image);
        claims.claim(write("a", "e1.1", image)).close();
        Process writer = holder("exec sleep 60 3<>" + image);
        assertRefused(
                claims, write("a", "e1.1", image), "open for writing by process " + writer.pid());
        claims.claim(insisting(image)).close();
        writer.destroyForcibly().waitFor();
        claims.claim(write("a", "e1.1", image)).close();
        reader.destroyForcibly().waitFor();
    }

    @Test
    void aProcessThatHasABlockDeviceOpenForWritingIsNamed() throws Exception {
        Path device = loop();
        Process writer = holder("exec sleep 60 3<>" + device);
        assertRefused(
                claims, write("a", "e1.1", device), "open for writing by process " + writer.pid());
        writer.destroyForcibly().waitFor();
        claims.claim(write("a", "e1.1", device)).close();
    }

    @Test
    void aWriterInAMountNamespaceOfItsOwnIsNamed() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        String bind = "mount --bind " + directory + " " + elsewhere;
        String script = bind + " && exec sleep 60 3<>" + elsewhere.resolve("disk.img");
        Process writer = holder("exec unshare -m sh -c '" + script + "'");
        assertRefused(
                claims, write("a", "e1.1", image), "open for writing by process " + writer.pid());
        writer.destroyForcibly().waitFor();
    }

    private static Process holder(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script).start();
        while (!"sleep".equals(comm(process.pid()))) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return process;
    }

    private static String comm(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
    }
}
