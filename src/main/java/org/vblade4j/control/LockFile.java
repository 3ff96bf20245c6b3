// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file whose only purpose is its lock: who has it is the only server of a place. Only its owner
 * may open it, whatever the umask, because everybody who may open a file for reading can lock it
 * against all others (fcntl(2), F_RDLCK).
 *
 * <p>A file that others may open, or have open from a time when they might, is replaced. Servers
 * take write locks: as long as one is at work on the old file it is not. So that of two who start
 * at once only one replaces it, the new file is made, locked and moved under a name of its own, and
 * the old one stays locked until then.
 */
public final class LockFile implements Closeable {
    private static final Set<OpenOption> HOW =
            Set.of(
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> MODE = PosixFilePermissions.asFileAttribute(OWNER_ONLY);

    private final FileChannel channel;

    private LockFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes the file where it is missing, and takes its lock; never waits.
     *
     * @return empty when another server has it
     * @throws IOException it cannot be had, and nobody of ours is the reason; says what to do
     */
    public static Optional<LockFile> take(Path path) throws IOException {
        FileChannel channel = open(path);
        LockFile taken = null;
        try {
            Object file = fileKey(path);
            boolean alone = locked(channel, false);
            if (!(alone || locked(channel, true)) || !file.equals(fileKey(path))) {
                return Optional.empty();
            }
            taken = alone && isPrivate(path) ? new LockFile(channel) : replacement(path, file);
            return Optional.ofNullable(taken);
        } finally {
            if (taken == null || taken.channel != channel) {
                channel.close();
            }
        }
    }

    /** Null when another replaces it at this moment. The caller has a lock on the old file. */
    private static LockFile replacement(Path path, Object old) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        FileChannel channel = open(next);
        boolean taken = false;
        try {
            Object file = fileKey(next);
            if (locked(channel, false) && file.equals(fileKey(next)) && old.equals(fileKey(path))) {
                Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
                taken = true;
            }
            return taken ? new LockFile(channel) : null;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    /** Open, for what its owner wants to write into it. */
    public FileChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static FileChannel open(Path path) throws IOException {
        try {
            FileChannel channel = FileChannel.open(path, HOW, MODE);
            Map<String, Object> found = attributes(path, "uid,isRegularFile");
            if (own().equals(found.get("uid")) && Boolean.TRUE.equals(found.get("isRegularFile"))) {
                return channel;
            }
            channel.close();
        } catch (AccessDeniedException | FileSystemLoopException e) {
            throw inTheWay(path, e);
        } catch (IOException e) {
            if (Files.isSymbolicLink(path)) {
                throw inTheWay(path, e);
            }
            throw e;
        }
        throw inTheWay(path, null);
    }

    private static IOException inTheWay(Path path, IOException cause) throws IOException {
        try {
            return new IOException(
                    path
                            + " is in the way: it is no lock file of user "
                            + own()
                            + ", but belongs to user "
                            + attributes(path, "uid").get("uid")
                            + (Files.isSymbolicLink(path) ? " and is a link" : "")
                            + "; remove it, or choose a directory in which others may not write",
                    cause);
        } catch (NoSuchFileException e) {
            return cause == null ? new IOException(path + " has been removed") : cause;
        }
    }

    private static boolean locked(FileChannel channel, boolean shared) throws IOException {
        try {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        }
    }

    @SuppressWarnings("unchecked")
    private static boolean isPrivate(Path path) throws IOException {
        Set<PosixFilePermission> mode =
                EnumSet.copyOf(
                        (Set<PosixFilePermission>)
                                attributes(path, "permissions").get("permissions"));
        return OWNER_ONLY.containsAll(mode);
    }

    private static Object fileKey(Path path) throws IOException {
        try {
            return attributes(path, "fileKey").get("fileKey");
        } catch (NoSuchFileException e) {
            return ""; // replaced or removed at this moment
        }
    }

    private static Map<String, Object> attributes(Path path, String which) throws IOException {
        return Files.readAttributes(path, "unix:" + which, LinkOption.NOFOLLOW_LINKS);
    }

    /** This process' user. Its entry in /proc may belong to root all the same. */
    private static Object own() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("Uid:")) {
                return Integer.valueOf(line.split("\\s+")[2]);
            }
        }
        throw new IOException("/proc/self/status names no user");
    }
}
