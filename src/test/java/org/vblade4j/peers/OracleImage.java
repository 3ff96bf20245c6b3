// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A disk image whose every sector is different, or a sparse one when it is large. */
final class OracleImage {
    private static final long LARGE_SECTORS = 1 << 20;
    private static final int SEED = 99;

    private final Path path;
    private final long sectors;

    private OracleImage(Path path, long sectors) {
        this.path = path;
        this.sectors = sectors;
    }

    static OracleImage create(Path path, long sectors) throws IOException {
        Files.deleteIfExists(path);
        OracleImage image = new OracleImage(path, sectors);
        if (image.large()) {
            try (FileChannel channel =
                    FileChannel.open(
                            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(1), sectors * 512 - 1);
            }
        } else {
            Files.write(path, image.original());
        }
        return image;
    }

    Path path() {
        return path;
    }

    /** In words, alike for images that hold the same. Of a large one only the size is looked at. */
    String contents() throws IOException {
        if (large()) {
            return Files.size(path) + " bytes";
        }
        byte[] now = Files.readAllBytes(path);
        if (Arrays.equals(now, original())) {
            return "unchanged";
        }
        CRC32C checksum = new CRC32C();
        checksum.update(now);
        return "changed " + HexFormat.of().toHexDigits(checksum.getValue());
    }

    private byte[] original() {
        return OracleCases.data((int) sectors, SEED);
    }

    private boolean large() {
        return sectors > LARGE_SECTORS;
    }
}
