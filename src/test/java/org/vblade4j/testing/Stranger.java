// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of another local user, nobody: needs root, setpriv and perl. Ends with close. */
public final class Stranger implements AutoCloseable {
    /** Its user number. */
    public static final int UID = 65534;

    /** fcntl(2): a lock of the process, and one of an open file description. */
    public static final int F_SETLK = 6;

    public static final int F_OFD_SETLK = 37;

    private static final String LOCK =
            "use Fcntl; my ($path, $command) = @ARGV; my $file;"
                    + "sysopen($file, $path, O_RDONLY) or die qq($path: $!\\n);"
                    + "my $lock = pack('s s x4 q q l x4', F_RDLCK, 0, 0, 0, 0);"
                    + "fcntl($file, $command, $lock)"
                    + " or die qq(lock: $!\\n);"
                    + "$| = 1; print qq(locked\\n); <STDIN>;";

    private final Process process;

    private Stranger(Process process) {
        this.process = process;
    }

    private static ProcessBuilder command(List<String> words) {
        List<String> all =
                new ArrayList<>(
                        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        all.addAll(words);
        return new ProcessBuilder(all).redirectErrorStream(true);
    }

    /** Holds a read lock on all of a file that it may read, until it is closed. */
    public static Stranger readLocks(Path file, int command) throws IOException {
        Process process =
                command(List.of("perl", "-e", LOCK, file.toString(), String.valueOf(command)))
                        .start();
        String said =
                new String(
                        process.getInputStream().readNBytes("locked\n".length()),
                        StandardCharsets.UTF_8);
        if (!said.equals("locked\n")) {
            process.destroyForcibly();
            throw new IllegalStateException(said);
        }
        return new Stranger(process);
    }

    /** Runs a command to its end, which has to be a good one. */
    public static void run(String... words) throws IOException, InterruptedException {
        Process process = command(List.of(words)).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + said);
        }
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
