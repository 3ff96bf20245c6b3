// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.target.StateImage;

class StateFileTest {
    private static final long A = 0x0200_0000_000aL;
    private static final StateImage SOME =
            new StateImage("h\u00ffi\n\"", List.of(A, A + 1), List.of(A + 2));

    @TempDir Path parent;

    private StateFile file(String key) {
        return new StateFile(parent.resolve("data"), key);
    }

    private String refusal(String key) {
        return assertThrows(IOException.class, () -> file(key).read()).getMessage();
    }

    @Test
    void whatIsWrittenIsReadAndNothingIsMadeBefore() throws Exception {
        assertEquals(Optional.empty(), file("a").read());
        assertFalse(Files.exists(parent.resolve("data")));
        for (StateImage image : List.of(SOME, StateImage.EMPTY, largest(), SOME)) {
            file("a").write(image);
            assertEquals(Optional.of(image), file("a").read());
        }
        assertEquals(Optional.empty(), file("b").read());
        try (var files = Files.list(parent.resolve("data"))) {
            assertEquals(List.of(file("a").path()), files.toList());
        }
    }

    /** As much as the protocol can carry. */
    private static StateImage largest() {
        String config =
                IntStream.range(0, 1024)
                        .mapToObj(i -> String.valueOf((char) (i & 0xff)))
                        .collect(Collectors.joining());
        List<Long> macs = LongStream.range(0, 248).map(i -> A + i).boxed().toList();
        return new StateImage(config, macs, macs);
    }

    @Test
    void whatOthersHavePlantedIsNeitherReadNorWrittenThrough() throws Exception {
        file("a").write(SOME);
        Path victim = Files.writeString(parent.resolve("victim"), "victim");
        Path planted = parent.resolve("data/a.state");
        Files.createSymbolicLink(parent.resolve("data/a.state.new"), victim);
        file("a").write(SOME);
        Files.copy(planted, parent.resolve("copy"));
        Files.delete(planted);
        Files.createSymbolicLink(planted, parent.resolve("copy"));
        assertThrows(IOException.class, () -> file("a").read());
        file("a").write(StateImage.EMPTY);
        assertEquals(Optional.of(StateImage.EMPTY), file("a").read());
        assertEquals("victim", Files.readString(victim));

        Path data = parent.resolve("data");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertTrue(refusal("a").contains("can be written by every user: chmod o-w"), refusal("a"));
        assertThrows(IOException.class, () -> file("a").write(SOME));
    }

    @Test
    void nobodyElseMayWriteIt() throws Exception {
        file("a").write(SOME);
        Path path = file("a").path();
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(
                "rwxr-x---",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())));
    }

    @Test
    void aFileCutAnywhereIsRefused() throws Exception {
        file("a").write(SOME);
        byte[] whole = Files.readAllBytes(file("a").path());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file("a").path(), Arrays.copyOf(whole, length));
            String message = refusal("a");
            assertTrue(message.startsWith(file("a").path() + ": not used: "), message);
        }
    }

    @Test
    void aFileWithAnyByteChangedIsRefused() throws Exception {
        file("a").write(SOME);
        byte[] whole = Files.readAllBytes(file("a").path());
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file("a").path(), changed);
            refusal("a");
        }
        Files.write(file("a").path(), whole);
        assertEquals(Optional.of(SOME), file("a").read());
    }

    @Test
    void foreignNewerAndOverlongFilesAreRefusedWithTheReason() throws Exception {
        file("a").write(SOME);
        Files.copy(file("a").path(), file("b").path());
        assertTrue(refusal("b").contains("it belongs to export 'a'"), refusal("b"));
        Files.writeString(file("a").path(), "vblade4j-state 2\nwhatever\n");
        assertTrue(refusal("a").contains("it has format 2"), refusal("a"));
        Files.writeString(file("a").path(), "[defaults]\n");
        assertTrue(refusal("a").contains("no state file of vblade4j"), refusal("a"));
        Files.write(file("a").path(), new byte[1 << 20]);
        assertTrue(refusal("a").contains("too long"), refusal("a"));
    }

    @Test
    void whatAKillLeftBehindIsNoObstacle() throws Exception {
        file("a").write(SOME);
        Files.writeString(parent.resolve("data/a.state.new"), "vblade4j-st");
        assertEquals(Optional.of(SOME), file("a").read());
        file("a").write(StateImage.EMPTY);
        assertEquals(Optional.of(StateImage.EMPTY), file("a").read());
        assertFalse(Files.exists(parent.resolve("data/a.state.new")));
    }

    /** What was answered as failed must not be in force after a restart. */
    @Test
    void whatCannotBeSyncedIsTakenBack() throws Exception {
        Path directory = parent.resolve("data");
        StateFile failing = new StateFile(directory, "a", StateFileTest::fail);
        assertEquals(
                "fake", assertThrows(IOException.class, () -> failing.write(SOME)).getMessage());
        assertEquals(Optional.empty(), file("a").read(), "there was none before");

        file("a").write(SOME);
        assertThrows(IOException.class, () -> failing.write(StateImage.EMPTY));
        assertEquals(Optional.of(SOME), file("a").read());
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file("a").path()), files.toList());
        }
    }

    private static void fail(FileChannel directory) throws IOException {
        throw new IOException("fake");
    }

    /** The worst case is told: the change is refused, and yet it lies there for the next start. */
    @Test
    void whatCannotBeTakenBackEitherIsTold() throws Exception {
        Path directory = parent.resolve("data");
        file("a").write(SOME);
        StateFile failing =
                new StateFile(
                        directory,
                        "a",
                        opened -> {
                            Files.createDirectory(directory.resolve("a.state.new"));
                            Files.createFile(directory.resolve("a.state.new/in-the-way"));
                            throw new IOException("fake");
                        });
        IOException e = assertThrows(IOException.class, () -> failing.write(StateImage.EMPTY));
        assertTrue(e.getMessage().contains("would be in force after a restart"), e.getMessage());
    }
}
