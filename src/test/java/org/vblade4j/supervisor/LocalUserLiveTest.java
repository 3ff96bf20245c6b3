// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.control.SocketFile;
import org.vblade4j.testing.Stranger;

/** What another local user does to keep a supervisor from starting; needs root. */
@Tag("live")
@Timeout(30)
class LocalUserLiveTest {
    @TempDir Path temporary;
    private Path run;

    @BeforeEach
    void letStrangersIn() throws IOException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        run = temporary.resolve("run");
    }

    private static Path mode(Path path, String mode) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static String modeOf(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private Path sharedDirectory() throws IOException {
        Path shared = Files.createDirectory(temporary.resolve("tmp"));
        new ProcessBuilder("chmod", "1777", shared.toString()).start().onExit().join();
        return shared;
    }

    @Test
    void theLockCannotBeOpenedByOthers() throws Exception {
        try (StateDirectory state = StateDirectory.open(run)) {
            state.record("a", Desired.RUNNING);
            assertEquals("rw-------", modeOf(run.resolve("lock")));
            assertThrows(
                    IllegalStateException.class,
                    () -> Stranger.readLocks(run.resolve("lock"), Stranger.F_SETLK).close());
        }
    }

    @Test
    void aReadLockOnAFileThatOthersMightOpenIsNoSupervisor() throws Exception {
        StateDirectory.open(run).close();
        Path lock = mode(run.resolve("lock"), "rw-r--r--");
        for (int command : new int[] {Stranger.F_SETLK, Stranger.F_OFD_SETLK}) {
            try (Stranger stranger = Stranger.readLocks(lock, command)) {
                mode(lock, command == Stranger.F_SETLK ? "rw-r--r--" : "rw-------");
                try (StateDirectory state = StateDirectory.open(run)) {
                    state.record("a", Desired.RUNNING);
                    assertTrue(stranger.pid() > 0);
                    assertEquals("rw-------", modeOf(lock));
                    IOException e = assertThrows(IOException.class, () -> StateDirectory.open(run));
                    assertTrue(e.getMessage().startsWith("another supervisor"), e.getMessage());
                }
            }
            mode(lock, "rw-r--r--");
        }
        StateDirectory.open(run).close();
        assertEquals("rw-------", modeOf(lock), "also when nobody locks it");
    }

    @Test
    void aStateDirectoryThatOthersMayWriteToIsRefused() throws Exception {
        StateDirectory.open(run).close();
        mode(run, "rwxrwxrwx");
        Stranger.run("ln", "-s", "/etc/passwd", run.resolve("a.state.new").toString());
        IOException e = assertThrows(IOException.class, () -> StateDirectory.open(run));
        assertTrue(e.getMessage().contains("mode rwxrwxrwx"), e.getMessage());
        assertTrue(e.getMessage().contains("chmod go-w"), e.getMessage());
        mode(run, "rwxr-xr-x");

        mode(run.resolve("desired"), "rwxrwxrwx");
        assertThrows(IOException.class, () -> StateDirectory.open(run));
    }

    /** What was planted while the directory was open to all. */
    @Test
    void nothingIsWrittenOrReadThroughALink() throws Exception {
        Path victim = Files.writeString(temporary.resolve("victim"), "running \"0 1 eth0 /x\"\n");
        StateDirectory.open(run).close();
        Files.createSymbolicLink(run.resolve("a.pid.new"), victim);
        Files.createSymbolicLink(run.resolve("desired/a.new"), victim);
        Files.createSymbolicLink(run.resolve("desired/b"), victim);
        try (StateDirectory state = StateDirectory.open(run)) {
            assertTrue(state.desired().isEmpty());
            Files.createSymbolicLink(run.resolve("desired/a.new"), victim);
            Files.createSymbolicLink(run.resolve("a.state.new"), victim);
            state.record("a", Desired.RUNNING);
            state.show("a", ExportState.STARTED);
            state.showRefusal(null);
        }
        assertEquals("running \"0 1 eth0 /x\"\n", Files.readString(victim));
        Files.delete(run.resolve("lock"));
        Files.createSymbolicLink(run.resolve("lock"), victim);
        IOException e = assertThrows(IOException.class, () -> StateDirectory.open(run));
        assertTrue(e.getMessage().contains("lock is in the way: "), e.getMessage());
        assertTrue(e.getMessage().contains("is a link; remove it"), e.getMessage());
    }

    @Test
    void inASharedDirectoryTheMessageSaysWhoseFileIsInTheWay() throws Exception {
        Path socket = sharedDirectory().resolve("s");
        SocketFile.listen(socket).close();
        Path lock = Path.of(socket + ".lock");
        Files.delete(lock);
        Stranger.run("sh", "-c", "umask 0; : >" + lock);
        IOException e = assertThrows(IOException.class, () -> SocketFile.listen(socket));
        String whose = "belongs to user " + Stranger.UID + "; remove it, or choose a directory";
        assertTrue(e.getMessage().contains(whose), e.getMessage());

        Files.delete(lock);
        SocketFile.listen(socket).close();
        mode(lock, "rw-r--r--");
        try (Stranger stranger = Stranger.readLocks(lock, Stranger.F_OFD_SETLK);
                SocketFile listening = SocketFile.listen(socket)) {
            assertTrue(stranger.pid() > 0 && listening.channel().isOpen());
            assertEquals("rw-------", modeOf(lock));
        }
    }
}
