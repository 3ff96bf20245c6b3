// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.OsException;

/** Opens disks. Every message names the path, what is there and what was expected. */
public final class Stores {
    private static final System.Logger LOG = System.getLogger(Stores.class.getName());
    private static final String EXPECTED = ", expected a regular file or a block device";
    private static final int TYPE_MASK = 0xf000; // S_IFMT, inode(7)

    private Stores() {}

    /**
     * Opens a regular file or block device that holds at least one sector. Nothing else is opened:
     * even looking into a FIFO would block.
     *
     * @throws IOException with a message for the operator
     */
    public static BlockStore open(Path path, StoreOptions options) throws IOException {
        return open(path, kind(path), options, Platform.SYSTEM);
    }

    /** As the other, on what a test says that there is. */
    static BlockStore open(Path path, DeviceKind kind, StoreOptions options, Platform platform)
            throws IOException {
        BlockStore whole = openWhole(path, kind, options, platform);
        try {
            checkWindow(path, whole.sectors(), options);
            tailWarning(path).ifPresent(text -> LOG.log(System.Logger.Level.WARNING, text));
            return options.offsetSectors() == 0 && options.lengthSectors() == 0
                    ? whole
                    : new SliceStore(whole, options.offsetSectors(), options.lengthSectors());
        } catch (IOException | RuntimeException e) {
            whole.close();
            throw e;
        }
    }

    /** What an operator should know of a regular file whose end is not a sector's end. */
    public static Optional<String> tailWarning(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        long bytes = Files.size(path);
        long tail = bytes % BlockStore.SECTOR_BYTES;
        return tail == 0
                ? Optional.empty()
                : Optional.of(
                        path
                                + ": "
                                + bytes
                                + " bytes is not a multiple of 512; the last "
                                + tail
                                + " are not served");
    }

    private static DeviceKind kind(Path path) throws IOException {
        int type;
        try {
            type = (int) Files.getAttribute(path, "unix:mode") & TYPE_MASK;
        } catch (NoSuchFileException e) {
            throw new IOException(missing(path), e);
        } catch (IOException e) {
            throw new IOException(path + ": " + reason(e) + EXPECTED, e);
        }
        return switch (type) {
            case 0x8000 -> DeviceKind.REGULAR_FILE;
            case 0x6000 -> DeviceKind.BLOCK_DEVICE;
            case 0x4000 -> throw new IOException(path + ": a directory" + EXPECTED);
            case 0x1000 -> throw new IOException(path + ": a FIFO" + EXPECTED);
            case 0x2000 -> throw new IOException(path + ": a character device" + EXPECTED);
            case 0xc000 -> throw new IOException(path + ": a socket" + EXPECTED);
            default -> throw new IOException(path + ": an unknown kind of file" + EXPECTED);
        };
    }

    private static String missing(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            String end = Files.readSymbolicLink(path).toString();
            return path + ": a symbolic link to " + end + ", which does not exist" + EXPECTED;
        }
        Path parent = path.toAbsolutePath().getParent();
        return parent != null && Files.exists(parent) && !Files.isDirectory(parent)
                ? path + ": " + Errno.text(Errno.ENOTDIR) + EXPECTED // JDK 25 says no such file
                : path + ": no such file" + EXPECTED;
    }

    private static BlockStore openWhole(
            Path path, DeviceKind kind, StoreOptions options, Platform platform)
            throws IOException {
        if (!options.readOnly() && kind.writeProtected(path, platform.calls())) {
            throw new IOException(path + ": a read-only device; -r exports it read-only");
        }
        try {
            BlockStore file = FileStores.open(path, kind, options, platform);
            return options.direct() ? file : MappedStore.over(file, path, platform);
        } catch (OsException e) {
            throw new IOException(denied(path, options, e), e);
        }
    }

    private static String denied(Path path, StoreOptions options, IOException e) {
        String what =
                path + ": cannot open for reading" + (options.readOnly() ? "" : " and writing");
        String hint = "";
        if (!options.readOnly() && Files.isReadable(path)) {
            hint = " (-r exports it read-only)";
        }
        return what + ": " + reason(e) + hint;
    }

    /** The system's text without the path, which the message begins with. */
    private static String reason(IOException e) {
        boolean denied = e instanceof OsException os && os.errno() == Errno.EACCES;
        if (denied || e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof OsException os) {
            return Errno.text(os.errno());
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            String loop = Errno.text(Errno.ELOOP); // to which Java adds a guess of its own
            return system.getReason().startsWith(loop) ? loop : system.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    private static void checkWindow(Path path, long sectors, StoreOptions options)
            throws IOException {
        if (sectors == 0) {
            throw new IOException(
                    path + ": 0-sector file size is too small, expected at least 512 bytes");
        }
        long offset = options.offsetSectors();
        long length = options.lengthSectors();
        String has = path + " has " + sectors + " sectors";
        if (offset >= sectors) {
            throw new IOException("offset " + offset + " is not inside the disk: " + has);
        }
        if (length > sectors - offset) {
            throw new IOException(
                    "length "
                            + length
                            + " at offset "
                            + offset
                            + " is too large: "
                            + has
                            + ", so at most "
                            + (sectors - offset)
                            + " fit");
        }
    }
}
