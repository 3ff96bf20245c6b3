// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.testing.LossyWire;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;

/** {@code aoe dd} and {@code aoe verify}, as built, over a wire that harms 15 % of the frames. */
@Tag("live")
@Timeout(240)
@ExtendWith(PrivateNetworkExtension.class)
class LossyWireIT {
    private static final int MIB = 256;
    private static final long SEED = 20260101;

    @TempDir Path directory;

    @Test
    void everyByteArrivesWhateverTheWireDoes(PrivateNetwork network) throws Exception {
        network.veth("target0", 0x020000000001L, "wire0", 0x020000000003L, 9000);
        network.veth("client0", 0x020000000002L, "wire1", 0x020000000004L, 9000);
        Path data = random();
        Path image = Files.createFile(directory.resolve("image"));
        try (LossyWire wire = new LossyWire("wire0", "wire1", 0.05, SEED);
                Launched bin = new Launched(directory)) {
            resize(image);
            Launched.Running vblade = bin.start("vblade", "1", "2", "target0", image.toString());
            vblade.awaitOut(" sectors O_RDWR\n");

            Cli.Result written = bin.run("aoe", "dd", "-i", "client0", data.toString(), "e1.2");
            assertEquals(0, written.status(), written.err());
            assertEquals(-1, Files.mismatch(data, image));
            assertTrue(written.err().contains(" frames sent again"), written.err());

            Path back = directory.resolve("back");
            Cli.Result read = bin.run("aoe", "dd", "-i", "client0", "e1.2", back.toString());
            assertEquals(0, read.status(), read.err());
            assertEquals(-1, Files.mismatch(data, back));
            long frames = 4L * MIB * 128; // both ways, requests and answers, of at most 16 sectors
            for (long harmed : new long[] {wire.lost(), wire.repeated(), wire.reordered()}) {
                assertTrue(harmed > frames / 30, harmed + " of more than " + frames);
            }
        }
    }

    private Path random() throws IOException {
        Path path = directory.resolve("data");
        Random random = new Random(SEED);
        byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(path)) {
            for (int i = 0; i < MIB; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return path;
    }

    private static void resize(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) MIB << 20);
        }
    }
}
