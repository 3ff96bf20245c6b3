// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.vblade4j.target.StateImage;

/**
 * The file that one export's state outlives its process in; see {@link StateText} for what is in
 * it. It is replaced as a whole: what is read is what was written last, or before that, never a
 * mixture. One thread at a time.
 */
final class StateFile {
    static final String SUFFIX = ".state";
    private static final String TEMPORARY = ".new";

    /** Nothing that was written is longer. */
    private static final int MAX_BYTES = 64 * 1024;

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

    private final Path file;
    private final String key;
    private final DirectorySync sync;

    /** Brings a directory's entries to the medium. */
    @FunctionalInterface
    interface DirectorySync {
        void force(FileChannel directory) throws IOException;
    }

    /**
     * @param directory made when something is to be written
     * @param key the file's name without suffix, also in the file: a copy of another export's file
     *     is refused
     */
    StateFile(Path directory, String key) {
        this(directory, key, opened -> opened.force(true));
    }

    StateFile(Path directory, String key, DirectorySync sync) {
        this.file = directory.resolve(key + SUFFIX);
        this.key = key;
        this.sync = sync;
    }

    Path path() {
        return file;
    }

    /**
     * Empty when there is none.
     *
     * @throws IOException it cannot be read, or is not what was written; with the reason
     */
    Optional<StateImage> read() throws IOException {
        byte[] bytes;
        if (Files.isDirectory(file.getParent())) {
            refuseStrangers();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(refused("it is too long to be a state file"));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw new IOException(refused("permission denied"), e);
        }
        try {
            return Optional.of(StateText.parse(key, new String(bytes, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new IOException(refused(e.getMessage()), e);
        }
    }

    /** What lies in a directory that all may write to may be anybody's. */
    private void refuseStrangers() throws IOException {
        Path directory = file.getParent();
        if (Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(directory + " can be written by every user: chmod o-w");
        }
    }

    private String refused(String why) {
        return file
                + ": not used: "
                + why
                + "; the export stays down rather than forget who was shut out; remove the file to"
                + " start without it";
    }

    /**
     * On the medium when this returns; after a failure the old contents are in place again, unless
     * the message says otherwise.
     */
    void write(StateImage image) throws IOException {
        Path directory = file.getParent();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, OWNER_DIRECTORY);
        }
        refuseStrangers();
        // Opened first: after the move the descriptor might not be had.
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            byte[] before =
                    Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            ? Files.readAllBytes(file)
                            : null;
            replace(StateText.format(key, image).getBytes(StandardCharsets.UTF_8));
            try {
                sync.force(opened);
            } catch (IOException e) {
                putBack(before, e);
                throw e;
            }
        }
    }

    private void putBack(byte[] before, IOException cause) throws IOException {
        try {
            if (before == null) {
                Files.deleteIfExists(file);
            } else {
                replace(before);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
            String why =
                    "; and it cannot be taken back, so that it would be in force after a restart";
            throw new IOException(cause + why + ": " + e, cause);
        }
    }

    private void replace(byte[] bytes) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
        try {
            Files.deleteIfExists(temporary);
            fill(temporary, ByteBuffer.wrap(bytes));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            deleteQuietly(temporary, e); // it may hold the last free bytes
            throw e;
        }
    }

    private static void deleteQuietly(Path temporary, IOException cause) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static void fill(Path temporary, ByteBuffer bytes) throws IOException {
        Set<StandardOpenOption> how =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(temporary, how, OWNER_FILE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
