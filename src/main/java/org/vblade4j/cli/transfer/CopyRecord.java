// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The small file that tells up to where an interrupted copy is durable, and which copy it was. A
 * JSON object on one line; replaced as a whole, so that it is never half written.
 */
final class CopyRecord {
    private static final String DURABLE = "durable_bytes";
    private static final int MAX_BYTES = 1 << 16;

    /** JSON and no more: HOCON would include files and addresses that the text names. */
    private static final ConfigParseOptions DATA =
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

    private static final Set<OpenOption> EXCLUSIVELY =
            Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final Map<String, String> copy;

    /**
     * @param copy what makes it this copy and no other
     */
    CopyRecord(Path path, Map<String, String> copy) {
        this.path = path;
        this.copy = copy;
    }

    /**
     * Where to take up the copy; 0 when there is no such file.
     *
     * @throws IOException the file is of another copy, or none of ours
     */
    long load() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        requireFile(path);
        try {
            Config found = ConfigFactory.parseString(text(), DATA);
            for (Map.Entry<String, String> entry : copy.entrySet()) {
                String was = found.getString(entry.getKey());
                if (!was.equals(entry.getValue())) {
                    throw new IOException(
                            path
                                    + " is of another copy: "
                                    + entry.getKey()
                                    + " was "
                                    + was
                                    + ", now "
                                    + entry.getValue()
                                    + "; remove it to begin anew");
                }
            }
            return durable(found.getLong(DURABLE));
        } catch (ConfigException e) {
            throw new IOException(path + " is no record of a copy: " + e.getMessage(), e);
        }
    }

    private long durable(long bytes) throws IOException {
        if (bytes < 0) {
            throw new IOException(
                    path
                            + " is no record of a copy: "
                            + DURABLE
                            + " is "
                            + bytes
                            + ", expected 0 or more");
        }
        return bytes;
    }

    void save(long durableBytes) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>(copy);
        values.put(DURABLE, durableBytes);
        byte[] text = (CopyResult.json(values) + "\n").getBytes(StandardCharsets.UTF_8);
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        if (Files.exists(fresh, LinkOption.NOFOLLOW_LINKS)) {
            requireFile(fresh);
            Files.delete(fresh);
        }
        try (FileChannel channel = FileChannel.open(fresh, EXCLUSIVELY, OWNER_ONLY)) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** In a directory that others may write to, anything may have the name. */
    private static void requireFile(Path path) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is in the way: it is not a file");
        }
        UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(Files.getOwner(Path.of("/proc/self")))) {
            throw new IOException(path + " is in the way: it is " + owner.getName() + "'s");
        }
    }

    private String text() throws IOException {
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
    }

    /** The copy is complete. */
    void remove() throws IOException {
        Files.deleteIfExists(path);
    }
}
