// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;

class NotifySocketTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_DONTWAIT = 0x40;

    @TempDir Path directory;

    @Test
    void readinessIsOneDatagramToThePathThatWasGiven() throws Exception {
        String path = directory.resolve("notify").toString();

        assertEquals("READY=1", announced(path, path));
    }

    @Test
    void anAtSignStandsForTheAbstractNamespace() throws Exception {
        String name = "vblade4j-test-" + ProcessHandle.current().pid();

        assertEquals("READY=1", announced('\0' + name, '@' + name));
    }

    @Test
    void withoutTheVariableThereIsNobodyToTell() throws Exception {
        assertTrue(NotifySocket.of(Map.of()).isEmpty());
        assertTrue(NotifySocket.of(Map.of(NotifySocket.VARIABLE, "")).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relative",
                "3",
                "/0123456789/0123456789/0123456789/0123456789/0123456"
                        + "789/0123456789/0123456789/0123456789/0123456789/0123456789"
            })
    void whatCannotBeASocketIsRefused(String value) {
        IOException refused =
                assertThrows(
                        IOException.class,
                        () -> NotifySocket.of(Map.of(NotifySocket.VARIABLE, value)));

        assertTrue(refused.getMessage().startsWith("NOTIFY_SOCKET=" + value), refused::getMessage);
    }

    @Test
    void aSocketThatIsGoneIsAnError() throws Exception {
        NotifySocket gone =
                NotifySocket.of(Map.of(NotifySocket.VARIABLE, directory.resolve("gone").toString()))
                        .orElseThrow();

        assertThrows(IOException.class, () -> gone.send("READY=1"));
    }

    /** Announces readiness to {@code named} and returns what arrives at {@code bound}. */
    private static String announced(String bound, String named) throws Exception {
        int socket = Libc.socket(AF_UNIX, SOCK_DGRAM, 0);
        try (NativeMemory memory = NativeMemory.allocate(NativeMemory.PAGE_BYTES)) {
            byte[] path = bound.getBytes(StandardCharsets.UTF_8);
            memory.buffer().duplicate().order(ByteOrder.nativeOrder()).putShort(0, (short) AF_UNIX);
            memory.buffer().put(2, path);
            assertEquals(0, Libc.bind(socket, memory.address(), 2 + path.length));

            Readiness.of(Map.of(NotifySocket.VARIABLE, named)).announce();

            long length = Libc.recv(socket, memory.address(), 512, MSG_DONTWAIT);
            byte[] text = new byte[(int) length];
            memory.buffer().get(0, text);
            return new String(text, StandardCharsets.UTF_8);
        } finally {
            Libc.close(socket);
        }
    }
}
