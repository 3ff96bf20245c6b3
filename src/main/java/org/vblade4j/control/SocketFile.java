// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/**
 * A listening socket at a path of the file system, which nobody else listens at and which nobody
 * could reach before it had its mode.
 *
 * <p>The socket is bound inside a directory that only its owner may enter, gets its mode there and
 * is then renamed to its name. What a killed server left there is removed before: the init script
 * takes a socket below the directory and a file of the name for somebody who answers. A lock file
 * beside it, never removed, keeps two servers from both finding the name free.
 */
public final class SocketFile implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_AND_GROUP =
            PosixFilePermissions.fromString("rw-rw----");
    private static final Set<PosixFilePermission> EVERYBODY =
            PosixFilePermissions.fromString("rw-rw-rw-");
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TRIES = 10;
    private static final int BACKLOG = 128;

    /** sun_path of unix(7) is 108 bytes with its end. */
    private static final int PATH_BYTES = 107;

    private final Path path;
    private final ServerSocketChannel channel;
    private final LockFile lock;
    private final Object fileKey;
    private final Optional<String> group;
    private final Set<PosixFilePermission> mode;

    private SocketFile(
            Path path,
            Optional<String> group,
            Set<PosixFilePermission> mode,
            ServerSocketChannel channel,
            LockFile lock,
            Object fileKey) {
        this.mode = mode;
        this.group = group;
        this.path = path;
        this.channel = channel;
        this.lock = lock;
        this.fileKey = fileKey;
    }

    /**
     * Makes the socket and listens.
     *
     * @throws IOException "already running" when somebody answers at the path, or when the socket
     *     cannot be made there
     */
    public static SocketFile listen(Path path) throws IOException {
        return listen(path, Optional.empty(), OWNER_ONLY);
    }

    /** The same with mode 0666: whoever accepts looks who comes. */
    public static SocketFile listenToEverybody(Path path) throws IOException {
        return listen(path, Optional.empty(), EVERYBODY);
    }

    /**
     * The same, open to a group.
     *
     * @param group where it cannot be given the socket, that is logged and the group stays outside
     */
    static SocketFile listen(Path path, Optional<String> group) throws IOException {
        return listen(path, group, OWNER_ONLY);
    }

    private static SocketFile listen(
            Path path, Optional<String> group, Set<PosixFilePermission> mode) throws IOException {
        int pathBytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (pathBytes > PATH_BYTES) {
            throw new IOException(
                    path + " has " + pathBytes + " bytes, a socket's path at most " + PATH_BYTES);
        }
        LockFile lock = lock(path);
        try {
            if (answers(path)) {
                throw alreadyRunning(path);
            }
            if (Files.exists(path) && !isSocket(path)) {
                throw new IOException(path + " is in the way: it is not a socket");
            }
            Files.deleteIfExists(path);
            ServerSocketChannel channel = bind(path, group, mode);
            try {
                return new SocketFile(path, group, mode, channel, lock, fileKey(path));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** Listens from the moment it was made. */
    public ServerSocketChannel channel() {
        return channel;
    }

    /** False when somebody has removed the socket's name: nobody can reach it any more. */
    boolean reachable() {
        return !Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Another socket at the same path, under the same lock, for when this one is not reachable;
     * this one's channel is closed.
     */
    SocketFile again() throws IOException {
        ServerSocketChannel newer = bind(path, group, mode);
        try {
            SocketFile replaced = new SocketFile(path, group, mode, newer, lock, fileKey(path));
            channel.close();
            return replaced;
        } catch (IOException e) {
            newer.close();
            throw e;
        }
    }

    /** Removes the socket's name, unless it belongs to another by now, and stops listening. */
    @Override
    public void close() throws IOException {
        if (!lock.channel().isOpen()) {
            return;
        }
        try (lock;
                channel) {
            if (Files.exists(path) && fileKey(path).equals(fileKey)) {
                Files.delete(path);
            }
        }
    }

    private static LockFile lock(Path path) throws IOException {
        return LockFile.take(path.resolveSibling(path.getFileName() + ".lock"))
                .orElseThrow(() -> alreadyRunning(path));
    }

    private static IOException alreadyRunning(Path path) {
        return new IOException("already running: a server answers at " + path);
    }

    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).isOther();
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private static void admit(Path bound, String group) throws IOException {
        try {
            GroupPrincipal members =
                    bound.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(group);
            PosixFileAttributeView view =
                    Files.getFileAttributeView(bound, PosixFileAttributeView.class);
            if (!view.readAttributes().group().equals(members)) {
                view.setGroup(members);
            }
            Files.setPosixFilePermissions(bound, OWNER_AND_GROUP);
        } catch (IOException e) {
            System.getLogger(SocketFile.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "group {0} may not command: the control socket cannot be given to it,"
                                    + " which takes a supervisor that is a member: {1}",
                            group,
                            e.toString());
        }
    }

    private static ServerSocketChannel bind(
            Path path, Optional<String> group, Set<PosixFilePermission> mode) throws IOException {
        Path directory = privateDirectory(path);
        Path bound = directory.resolve("s");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(bound), BACKLOG);
            Files.setPosixFilePermissions(bound, mode);
            if (group.isPresent()) {
                admit(bound, group.get());
            }
            Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot listen at " + path + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(bound);
            Files.deleteIfExists(directory);
        }
    }

    /** Of a name that nobody can foresee, and no longer than that of the socket. */
    private static Path privateDirectory(Path path) throws IOException {
        for (int i = 0; ; i++) {
            String name = "." + Integer.toString(RANDOM.nextInt() >>> 1, Character.MAX_RADIX);
            try {
                return Files.createDirectory(path.resolveSibling(name), PRIVATE_DIRECTORY);
            } catch (FileAlreadyExistsException e) {
                if (i == TRIES) {
                    throw e;
                }
            }
        }
    }
}
