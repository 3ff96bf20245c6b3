// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.vblade4j.control.LockFile;

/**
 * What outlives the supervisor's process, and what a shell may read without asking it:
 *
 * <pre>
 * good/          the configuration as it was when it was read last without fault, gone when the
 *                supervisor ended in order
 * refused        what was wrong with the configuration, when that kept a supervisor from starting
 * lock           held while a supervisor uses the directory, and has its process number
 * desired/NAME   what an operator last asked, see {@link Desired}
 * NAME.state     the state in one word, gone when the supervisor ended in order
 * NAME.pid       this process, as long as the export is started: for those who call a service
 *                crashed when the process of its pid file is gone
 * </pre>
 *
 * <p>Files are replaced, never written in place: a reader sees the old or the new one whole.
 */
final class StateDirectory implements AutoCloseable {
    private static final Logger LOG = System.getLogger(StateDirectory.class.getName());
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String TEMPORARY = ".new";

    /** More than any wish has. */
    private static final int MAX_BYTES = 64 * 1024;

    /** Whatever the umask: who may write here may start and stop exports. */
    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

    private static final Set<StandardOpenOption> EXCLUSIVELY =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path directory;
    private final Path desired;
    private final LockFile lock;
    private final boolean inherited;

    private StateDirectory(Path directory, LockFile lock) {
        this.directory = directory;
        this.desired = directory.resolve("desired");
        this.lock = lock;
        this.inherited = Files.isDirectory(good());
    }

    /**
     * Makes the directory where it is missing, and takes it.
     *
     * @throws IOException also when another supervisor has it
     */
    static StateDirectory open(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("desired"), DIRECTORY_MODE);
        refuseStrangers(directory);
        refuseStrangers(directory.resolve("desired"));
        Path path = directory.resolve("lock");
        LockFile lock =
                LockFile.take(path)
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "another supervisor"
                                                        + Holder.of(path).describe()
                                                        + " uses the state directory "
                                                        + directory));
        try {
            StateDirectory opened = new StateDirectory(directory, lock);
            opened.sign();
            opened.clearStates();
            return opened;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** Who may write here may start and stop exports, and put links in our way. */
    private static void refuseStrangers(Path directory) throws IOException {
        PosixFileAttributes found = Files.readAttributes(directory, PosixFileAttributes.class);
        if (found.permissions().contains(PosixFilePermission.GROUP_WRITE)
                || found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(
                    directory
                            + " can be written by others, mode "
                            + PosixFilePermissions.toString(found.permissions())
                            + ": a state directory is its owner's only (chmod go-w), or choose"
                            + " another");
        }
    }

    private void sign() throws IOException {
        String pid = ProcessHandle.current().pid() + "\n";
        lock.channel().truncate(0);
        lock.channel().write(StandardCharsets.US_ASCII.encode(pid), 0);
    }

    /** Where the configuration is kept that was without fault; need not exist. */
    Path good() {
        return directory.resolve("good");
    }

    /** True when the supervisor before this one was killed: hosts wait for what it served. */
    boolean inherited() {
        return inherited;
    }

    /** Tells who waits for this process to serve that it will not, and why; null: that it will. */
    void showRefusal(String why) {
        Path file = directory.resolve("refused");
        try {
            if (why == null) {
                Files.deleteIfExists(file);
            } else {
                replace(file, why + "\n", false);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0}: {1}", file, e.toString());
        }
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** By name; what cannot be read is reported and left as it is. */
    Map<String, Desired> desired() throws IOException {
        Map<String, Desired> found = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(desired)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(TEMPORARY)) {
                    Files.deleteIfExists(file);
                } else if (isName(name)) {
                    read(name, file, found);
                } else {
                    LOG.log(Level.WARNING, "{0}: not the name of an export, ignored", file);
                }
            }
        }
        return found;
    }

    private static void read(String name, Path file, Map<String, Desired> found) {
        try {
            String text = new String(readFile(file), StandardCharsets.UTF_8);
            found.put(name, Desired.parse(text.strip()));
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "{0}: ignored: {1}", file, e.getMessage());
        }
    }

    private static byte[] readFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(MAX_BYTES);
        }
    }

    /** On the medium when this returns. */
    void record(String name, Desired wish) throws IOException {
        checkName(name);
        replace(desired.resolve(name), wish.format() + "\n", true);
        try (FileChannel channel = FileChannel.open(desired, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    void forget(String name) throws IOException {
        checkName(name);
        Files.deleteIfExists(desired.resolve(name));
    }

    void show(String name, ExportState state) throws IOException {
        checkName(name);
        Path pidFile = directory.resolve(name + ".pid");
        if (state == ExportState.STARTED) {
            replace(pidFile, ProcessHandle.current().pid() + "\n", false);
        } else {
            Files.deleteIfExists(pidFile);
        }
        replace(directory.resolve(name + ".state"), state.label() + "\n", false);
    }

    void hide(String name) throws IOException {
        checkName(name);
        Files.deleteIfExists(directory.resolve(name + ".pid"));
        Files.deleteIfExists(directory.resolve(name + ".state"));
    }

    /** Removes the states shown and lets another supervisor have the directory. */
    @Override
    public void close() throws IOException {
        try (lock) {
            clearStates();
            clear(good(), "*");
            Files.deleteIfExists(good());
        }
    }

    private void clearStates() throws IOException {
        clear(directory, "*.{state,state.new,pid,pid.new}");
    }

    private static void clear(Path directory, String glob) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void checkName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of an export");
        }
    }

    private static void replace(Path file, String text, boolean durable) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
        Files.deleteIfExists(temporary); // of a supervisor that was killed
        try (FileChannel channel = FileChannel.open(temporary, EXCLUSIVELY, FILE_MODE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (durable) {
                channel.force(true);
            }
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
