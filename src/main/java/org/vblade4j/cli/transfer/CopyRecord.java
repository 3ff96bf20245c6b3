// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The small file that tells up to where an interrupted copy is durable, and which copy it was. A
 * JSON object on one line; replaced as a whole, so that it is never half written.
 */
final class CopyRecord {
    private static final String DURABLE = "durable_bytes";

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
        if (!Files.exists(path)) {
            return 0;
        }
        try {
            Config found = ConfigFactory.parseString(Files.readString(path));
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
            return found.getLong(DURABLE);
        } catch (ConfigException e) {
            throw new IOException(path + " is no record of a copy: " + e.getMessage(), e);
        }
    }

    void save(long durableBytes) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>(copy);
        values.put(DURABLE, durableBytes);
        byte[] text = (CopyResult.json(values) + "\n").getBytes(StandardCharsets.UTF_8);
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The copy is complete. */
    void remove() throws IOException {
        Files.deleteIfExists(path);
    }
}
