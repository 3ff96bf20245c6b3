// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * Tells whoever started the process that it now serves: the line {@code ready} into the FIFO named
 * by {@code VBLADE4J_READY_FIFO}, {@code READY=1} to the socket named by {@code NOTIFY_SOCKET}.
 * Only an explicit name and only a FIFO or socket is ever written to: an inherited descriptor of a
 * guessed number may be any file at all.
 */
public final class Readiness {
    public static final String VARIABLE = "VBLADE4J_READY_FIFO";

    private static final int FILE_TYPE = 0170000;
    private static final int FIFO = 0010000;

    private final Optional<Path> fifo;

    private final Optional<NotifySocket> socket;

    private Readiness(Optional<Path> fifo, Optional<NotifySocket> socket) {
        this.fifo = fifo;
        this.socket = socket;
    }

    /**
     * Whom to tell, as the environment says.
     *
     * @throws IOException when a variable names something other than it should
     */
    public static Readiness of(Map<String, String> environment) throws IOException {
        Optional<NotifySocket> socket = NotifySocket.of(environment);
        String name = environment.getOrDefault(VARIABLE, "");
        if (name.isEmpty()) {
            return new Readiness(Optional.empty(), socket);
        }
        Path path = Path.of(name);
        if (!Files.exists(path) || !isFifo(path)) {
            throw new IOException(VARIABLE + "=" + name + " is not a FIFO");
        }
        return new Readiness(Optional.of(path), socket);
    }

    /** Does nothing when nobody asked. */
    public void announce() throws IOException {
        if (socket.isPresent()) {
            socket.get().send("READY=1");
        }
        if (fifo.isEmpty()) {
            return;
        }
        // Read-write, because opening a FIFO for writing alone waits for a reader (fifo(7)).
        try (FileChannel channel =
                FileChannel.open(fifo.get(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("ready\n".getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static boolean isFifo(Path path) throws IOException {
        return ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == FIFO;
    }
}
