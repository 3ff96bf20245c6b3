// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.store.Patterns;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.testing.VbladeProcess;
import org.vblade4j.wire.AoeAddress;

/** A file whose pages the kernel puts into frames, to the C program over a cable. */
@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class LentFileLiveTest {
    private static final AoeAddress ADDRESS = new AoeAddress(7, 3);
    private static final int BYTES = 32 << 20;
    private static final int SKIP = 3 * 512 + 100; // no chunk begins where a page or sector does
    private static final int CUT = 20_000_000;
    private static final CopySettings SETTINGS = new CopySettings(1 << 20, 8, 1L << 40);

    @TempDir Path directory;
    private VbladeProcess vblade;
    private Path source;
    private Path image;

    @BeforeEach
    void startTarget(PrivateNetwork network) throws Exception {
        network.veth("target", 0x0200_0000_0010L, "client", 0x0200_0000_0020L, 9000);
        source = Files.write(directory.resolve("source"), Patterns.random(1, BYTES));
        image = Files.write(directory.resolve("image"), new byte[BYTES]);
        vblade = VbladeProcess.serve(ADDRESS, "target", image);
    }

    @AfterEach
    void stopTarget() {
        vblade.close();
    }

    private CopyReport copy(Copier.Watcher watcher) throws IOException {
        try (Initiator network = Initiator.open("client");
                RemoteDisk disk = network.connect(ADDRESS);
                FileSource from = FileSource.open(source, SKIP)) {
            DiskEnd to = new DiskEnd("e7.3", disk, 0, false);
            assertTrue(to.gathers());
            long bytes = from.bytes();
            Runnable idle = () -> disk.await(100_000_000);
            Copier copier = new Copier(from, to, 0, bytes, SETTINGS, System::nanoTime, idle);
            copier.watch(watcher);
            return copier.run();
        }
    }

    private long firstDifference() throws IOException {
        try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
            Path tail = directory.resolve("tail");
            Files.deleteIfExists(tail);
            try (FileChannel to =
                    FileChannel.open(
                            tail, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                from.transferTo(SKIP, BYTES, to);
            }
            return Files.mismatch(tail, image);
        }
    }

    @Test
    void allOfItArrives() throws IOException {
        CopyReport report = copy(stored -> {});
        assertTrue(report.complete(), report.failure());
        assertEquals(BYTES - SKIP, firstDifference());
    }

    /** In Java that would be a fault; here the file is at fault, and said to be. */
    @Test
    void aFileThatShrinksMeanwhileEndsTheCopyWithWhatThereWas() throws IOException {
        try (FileChannel file = FileChannel.open(source, StandardOpenOption.WRITE)) {
            CopyReport report =
                    copy(
                            stored -> {
                                if (stored > BYTES / 2) {
                                    truncate(file);
                                }
                            });
            String ended = " ended after " + (CUT - SKIP) + " bytes, expected " + (BYTES - SKIP);
            assertEquals(source + ended, report.failure());
        }
        long different = firstDifference();
        assertTrue(different < 0 || different == CUT - SKIP, "differs at " + different);
    }

    private static void truncate(FileChannel file) {
        try {
            file.truncate(CUT);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
