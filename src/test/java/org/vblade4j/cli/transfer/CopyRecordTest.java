// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The record is data, whoever wrote it, and is written to no file but its own. */
@Timeout(60)
class CopyRecordTest {
    private static final Map<String, String> COPY = Map.of("from", "a", "to", "b");

    @TempDir Path directory;

    private Path path;
    private CopyRecord copy;

    @BeforeEach
    void name() {
        path = directory.resolve("state");
        copy = new CopyRecord(path, COPY);
    }

    @Test
    void whatIsSavedIsLoadedAndTheOwnersAlone() throws IOException {
        assertEquals(0, copy.load());
        copy.save(1L << 40);
        copy.save((1L << 40) + 1);
        assertEquals((1L << 40) + 1, copy.load());
        assertEquals("[OWNER_READ, OWNER_WRITE]", modes());
        copy.remove();
        assertEquals(0, copy.load());
    }

    private String modes() throws IOException {
        return Files.getPosixFilePermissions(path).stream().sorted().toList().toString();
    }

    private void refused() {
        String message = assertThrows(IOException.class, copy::load).getMessage();
        assertTrue(message.startsWith(path + " is "), message);
    }

    @Test
    void nothingIsIncluded() throws IOException {
        try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "http://127.0.0.1:" + web.getLocalPort() + "/record";
            Files.writeString(path, "include url(\"" + address + "\")\n");
            refused();
            web.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, web::accept);
        }
    }

    @Test
    void noOtherFileIsRead() throws IOException {
        Path other = directory.resolve("other");
        Files.writeString(other, "{\"from\":\"a\",\"to\":\"b\",\"durable_bytes\":7}");
        Files.writeString(path, "include file(\"" + other + "\")\n");
        refused();
        Files.writeString(path, "{\"include\" file(\"" + other + "\")}\n");
        refused();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[1]",
                "from = a, to = b, durable_bytes = 7",
                "{\"from\":\"a\",\"to\":\"b\",\"durable_bytes\":${HOME}}",
                "{\"from\":\"a\",\"to\":\"b\",\"durable_bytes\":-1}",
                "{\"from\":\"a\",\"to\":\"b\",\"durable_bytes\":\"x\"}",
                "{\"from\":{},\"to\":\"b\",\"durable_bytes\":1}"
            })
    void whatIsNoRecordIsRefused(String text) throws IOException {
        Files.writeString(path, text);
        refused();
    }

    @Test
    void aHugeFileIsNotReadWhole() throws IOException {
        Files.writeString(path, " ".repeat(1 << 20) + "{}");
        refused();
    }

    @Test
    void noLinkIsFollowed() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Path fresh = directory.resolve("state.new");
        Files.createSymbolicLink(fresh, victim);
        assertThrows(IOException.class, () -> copy.save(1));
        assertEquals("precious", Files.readString(victim));
        Files.delete(fresh);
        Files.createSymbolicLink(path, victim);
        refused();
        copy.save(1);
        assertEquals("precious", Files.readString(victim));
        assertFalse(Files.isSymbolicLink(path));
        assertEquals(1, copy.load());
    }

    @Test
    void whatAKilledCopyLeftIsReplaced() throws IOException {
        Path fresh = Files.writeString(directory.resolve("state.new"), "half of a rec");
        copy.save(5);
        assertEquals(5, copy.load());
        assertFalse(Files.exists(fresh, LinkOption.NOFOLLOW_LINKS));
        Files.createDirectory(fresh);
        assertThrows(IOException.class, () -> copy.save(6));
        assertEquals(5, copy.load());
    }
}
