// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.sys.Linux;
import org.vblade4j.testing.Capabilities;
import org.vblade4j.testing.Stranger;

/** What another local user can do to an image that he may read; needs root. */
@Tag("live")
@Timeout(60)
class LocalUserLiveTest {
    private static final String READ_LOCK =
            "use Fcntl; my ($path, $access, $command) = @ARGV;"
                    + "sysopen(my $f, $path, $access) or die;"
                    + "my $lock = pack('s s x4 q q l x4', F_RDLCK, 0, 0, 0, 0);"
                    + "fcntl($f, $command, $lock) or die; $| = 1; print qq(locked\n); sleep 60";

    @TempDir Path directory;
    private final DeviceClaims claims = new DeviceClaims();

    /** Another target, as far as locks of an opening of the file go. */
    private final DeviceClaims other = new DeviceClaims();

    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        image = Files.write(directory.resolve("disk.img"), new byte[1 << 20]);
        Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private ClaimRequest write(String owner) {
        return new ClaimRequest(owner, owner, image, true, false, 0, 0);
    }

    private String refusal(DeviceClaims by) {
        return assertThrows(DeviceInUseException.class, () -> by.claim(write("b")).close())
                .getMessage();
    }

    private Process readLockOfRoot(int access, int command) throws IOException {
        Process process =
                new ProcessBuilder("perl", "-e", READ_LOCK, "" + image, "" + access, "" + command)
                        .start();
        assertEquals("locked", process.inputReader().readLine());
        return process;
    }

    @Test
    void aReaderCannotKeepAnImageFromBeingServed() throws Exception {
        for (int command : new int[] {Stranger.F_SETLK, Stranger.F_OFD_SETLK}) {
            try (Stranger stranger = Stranger.readLocks(image, command);
                    Claim claim = claims.claim(write("a"))) {
                assertTrue(stranger.pid() > 0 && claim.request().writable());
                assertTrue(refusal(other).contains("locked"), "one target keeps the next off");
                assertTrue(refusal(claims).contains("'a'"));
            }
            other.claim(write("b")).close();
        }
    }

    /** Nor by a lock that is taken later: it only keeps others from writing. */
    @Test
    void aReaderCannotTakeALockBesideTheExports() throws Exception {
        try (Claim claim = claims.claim(write("a"))) {
            assertTrue(claim.request().writable());
            assertThrows(
                    IllegalStateException.class,
                    () -> Stranger.readLocks(image, Stranger.F_OFD_SETLK).close());
        }
    }

    /** As QEMU has them, which writes. */
    @Test
    void aReadLockOfOneWhoWritesCounts() throws Exception {
        Process writer = readLockOfRoot(Linux.O_RDWR, Stranger.F_OFD_SETLK);
        try {
            String message = refusal(claims);
            assertTrue(message.contains("locked by process " + writer.pid()), message);
            String unseen = confined(() -> refusal(new DeviceClaims()));
            assertTrue(unseen.contains("locked by another process (fuser -v"), unseen);
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    @Test
    void aLockOfRootsProcessCountsAndIsNamed() throws Exception {
        Process reader = readLockOfRoot(Linux.O_RDONLY, Stranger.F_SETLK);
        try {
            String unseen = confined(() -> refusal(new DeviceClaims()));
            String who = "locked by process " + reader.pid() + " (perl) of user 0";
            assertTrue(unseen.contains(who), unseen);
        } finally {
            reader.destroyForcibly().waitFor();
        }
    }

    @Test
    void aWriterWhoseDescriptorsMayNotBeSeenIsFound() throws Exception {
        Process writer = new ProcessBuilder("sh", "-c", "exec sleep 60 3<>" + image).start();
        Path comm = Path.of("/proc/" + writer.pid() + "/comm");
        while (!Files.readString(comm).equals("sleep\n")) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        try {
            String seen = refusal(claims);
            assertTrue(seen.contains("open for writing by process " + writer.pid()), seen);
            String unseen = confined(() -> refusal(new DeviceClaims()));
            assertTrue(unseen.contains("open for writing by a process that may not be"), unseen);
        } finally {
            writer.destroyForcibly().waitFor();
        }
        confined(
                () -> {
                    new DeviceClaims().claim(write("a")).close();
                    return "";
                });
    }

    /** Opening the file to write while the question is asked ends no process. */
    @Test
    void whoOpensItMeanwhileIsNotNoticed() throws Exception {
        Process opener =
                new ProcessBuilder("sh", "-c", "while :; do : 3<>" + image + "; done").start();
        try {
            for (int i = 0; i < 2000; i++) {
                Lease.ask(image);
            }
            assertTrue(opener.isAlive());
        } finally {
            opener.destroyForcibly().waitFor();
        }
    }

    private interface Body {
        String run() throws Exception;
    }

    /** On a thread, and those that it starts, that may not look into root's other processes. */
    private static String confined(Body body) throws Exception {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                Capabilities.drop(Capabilities.CAP_SYS_PTRACE);
                                result.complete(body.run());
                            } catch (Throwable e) {
                                result.completeExceptionally(e);
                            }
                        });
        thread.start();
        return result.get(30, TimeUnit.SECONDS);
    }
}
