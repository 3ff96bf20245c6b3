// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another user connects, as a real process; needs root and socat. */
@Tag("live")
@Timeout(30)
class PeerCredentialsLiveTest {
    private static final String NOBODY = "65534";

    @TempDir Path directory;

    /** The request comes from a file: a client that is refused may end before it reads a pipe. */
    private String ask(Path socket, String... runAs) throws IOException, InterruptedException {
        Path request = Files.writeString(directory.resolve("request"), "stop\n");
        ProcessBuilder builder = new ProcessBuilder(runAs);
        builder.command().add("socat");
        builder.command().add("-t5");
        builder.command().add("-");
        builder.command().add("UNIX-CONNECT:" + socket);
        builder.redirectInput(request.toFile());
        Process process = builder.redirectErrorStream(true).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return answer;
    }

    @Test
    void onlyRootAndTheDaemonsUserMayCommandWhateverTheSocketsMode() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path socket = directory.resolve("s");
        String[] nobody = {"setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"};
        FakeOperations operations = new FakeOperations();
        try (ControlServer server = new ControlServer(socket, operations)) {
            server.start();
            assertEquals("{\"ok\":true}\n", ask(socket));
            assertTrue(ask(socket, nobody).contains("Permission denied"));

            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            String refused = ask(socket, nobody);
            assertTrue(refused.contains("may not command"), refused);
            assertEquals(1, operations.calls.size());
        }
    }
}
