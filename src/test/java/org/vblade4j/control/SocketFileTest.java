// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SocketFileTest {
    @TempDir Path directory;
    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("s");
    }

    private boolean answers() {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void socketIsForItsOwnerOnlyAndNothingElseIsLeft() throws IOException {
        try (SocketFile socket = SocketFile.listen(path);
                Stream<Path> left = Files.list(directory)) {
            assertTrue(socket.channel().isOpen());
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertEquals(2, left.count(), "the socket and its lock");
            assertTrue(answers());
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void loserIsToldAndDoesNotTouchTheWinnersSocket() throws IOException {
        try (SocketFile winner = SocketFile.listen(path)) {
            IOException e = assertThrows(IOException.class, () -> SocketFile.listen(path));
            assertTrue(e.getMessage().startsWith("already running"), e.getMessage());
            assertTrue(answers() && winner.channel().isOpen());
        }
    }

    @Test
    void serverWithoutALockIsRespectedToo() throws IOException {
        try (ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            foreign.bind(UnixDomainSocketAddress.of(path));
            IOException e = assertThrows(IOException.class, () -> SocketFile.listen(path));
            assertTrue(e.getMessage().startsWith("already running"), e.getMessage());
            assertTrue(answers());
        }
    }

    @Test
    void staleSocketIsReplaced() throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path) && !answers());
        try (SocketFile socket = SocketFile.listen(path)) {
            assertTrue(answers() && socket.channel().isOpen());
        }
    }

    @Test
    void socketOfAnotherIsNotRemovedOnClose() throws IOException {
        SocketFile old = SocketFile.listen(path);
        Path aside = directory.resolve("aside");
        Files.move(path, aside);
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(path));
            old.close();
            old.close();
            assertTrue(answers());
        }
    }

    @Test
    void fileThatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(path, "precious");
        IOException e = assertThrows(IOException.class, () -> SocketFile.listen(path));
        assertTrue(e.getMessage().contains("not a socket"), e.getMessage());
        assertEquals("precious", Files.readString(path));
    }

    @Test
    void failedAttemptLeavesTheNameFreeForTheNext() throws IOException {
        Files.writeString(path, "");
        assertThrows(IOException.class, () -> SocketFile.listen(path));
        Files.delete(path);
        try (SocketFile socket = SocketFile.listen(path)) {
            assertTrue(socket.channel().isOpen());
        }
    }

    @Test
    void pathTooLongForASocketIsRefusedInPlainWords() {
        Path deep = directory.resolve("x".repeat(120));
        IOException e = assertThrows(IOException.class, () -> SocketFile.listen(deep));
        assertTrue(e.getMessage().contains(deep.toString()), e.getMessage());
    }
}
