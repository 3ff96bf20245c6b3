// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoresTest {
    private static final String EXPECTED = ", expected a regular file or a block device";
    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Disks.directory();
    }

    private static String refusal(Path path) {
        return refusal(path, StoreOptions.DEFAULTS);
    }

    private static String refusal(Path path, StoreOptions options) {
        return assertThrows(IOException.class, () -> Stores.open(path, options)).getMessage();
    }

    @Test
    void refusesADirectory() {
        assertEquals(directory + ": a directory" + EXPECTED, refusal(directory));
    }

    @Test
    void refusesAFifoWithoutWaitingForItsOtherEnd() throws Exception {
        Path fifo = directory.resolve("fifo");
        Disks.run("mkfifo", fifo.toString());
        assertEquals(fifo + ": a FIFO" + EXPECTED, refusal(fifo));
    }

    @Test
    void refusesACharacterDevice() {
        Path nothing = Path.of("/dev/null");
        assertEquals("/dev/null: a character device" + EXPECTED, refusal(nothing));
    }

    @Test
    void refusesASocket() throws IOException {
        Path socket = Files.createTempDirectory("s").resolve("s"); // its path must be short
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertEquals(socket + ": a socket" + EXPECTED, refusal(socket));
        } finally {
            Files.delete(socket);
            Files.delete(socket.getParent());
        }
    }

    @Test
    void refusesWhatDoesNotExist() {
        Path missing = directory.resolve("missing");
        assertEquals(missing + ": no such file" + EXPECTED, refusal(missing));
    }

    @Test
    void refusesADanglingLinkAndNamesItsEnd() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("gone.img"));
        String text = ": a symbolic link to gone.img, which does not exist";
        assertEquals(link + text + EXPECTED, refusal(link));
    }

    @Test
    void refusesALoopOfLinks() throws IOException {
        Path link = directory.resolve("loop");
        Files.createSymbolicLink(link, link);
        assertEquals(link + ": Too many levels of symbolic links" + EXPECTED, refusal(link));
    }

    @Test
    void refusesAPathThroughAFile() throws IOException {
        Path inside = Disks.image(directory, 512).resolve("x");
        assertEquals(inside + ": Not a directory" + EXPECTED, refusal(inside));
    }

    @Test
    void followsALinkToAFileWithSpacesAndQuotesInItsName() throws IOException {
        Path odd = Files.write(directory.resolve("a 'b' \"c\"\n$d"), new byte[1024]);
        Path link = Files.createSymbolicLink(directory.resolve("link"), odd);
        try (BlockStore store = Stores.open(link, StoreOptions.DEFAULTS)) {
            assertEquals(2, store.sectors());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "511, false", "511, true"})
    void refusesAFileWithoutASector(int bytes, boolean direct) throws IOException {
        Path image = Disks.image(directory, bytes);
        StoreOptions options = new StoreOptions(direct, false, false, 0, 0);
        String text = ": 0-sector file size is too small, expected at least 512 bytes";
        assertEquals(image + text, refusal(image, options));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8  | 0  | offset 8 is not inside the disk: IMAGE has 8 sectors",
                "99 | 1  | offset 99 is not inside the disk: IMAGE has 8 sectors",
                "9223372036854775807 | 9223372036854775807 |"
                        + " offset 9223372036854775807 is not inside the disk: IMAGE has 8 sectors",
                "0  | 9  | length 9 at offset 0 is too large: IMAGE has 8 sectors,"
                        + " so at most 8 fit",
                "5  | 4  | length 4 at offset 5 is too large: IMAGE has 8 sectors,"
                        + " so at most 3 fit",
                "1  | 9223372036854775807 | length 9223372036854775807 at offset 1 is too large:"
                        + " IMAGE has 8 sectors, so at most 7 fit",
            })
    void refusesAWindowOutsideTheDiskAndNamesBothNumbers(long offset, long length, String message)
            throws IOException {
        Path image = Disks.image(directory, 8 * 512);
        StoreOptions options = new StoreOptions(false, false, false, offset, length);
        assertEquals(message.replace("IMAGE", image.toString()), refusal(image, options));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 8", "0, 8, 8", "7, 0, 1", "7, 1, 1", "3, 2, 2"})
    void opensAWindowInsideTheDisk(long offset, long length, long sectors) throws IOException {
        Path image = Disks.image(directory, 8 * 512);
        StoreOptions options = new StoreOptions(false, false, false, offset, length);
        try (BlockStore store = Stores.open(image, options)) {
            assertEquals(sectors, store.sectors());
        }
    }

    @Test
    void refusesDirectAccessWhereTheFileSystemHasNone() {
        Path attribute = Path.of("/sys/kernel/uevent_seqnum");
        StoreOptions options = new StoreOptions(true, false, true, 0, 0);
        assertEquals(
                attribute
                        + ": its file system does not support direct I/O (O_DIRECT); leave out -d",
                refusal(attribute, options));
    }

    @Test
    void tellsOfATailThatIsNotServed() throws IOException {
        assertEquals(Optional.empty(), Stores.tailWarning(Disks.image(directory, 1024)));
        Path odd = Disks.image(directory, 1100);
        String text = ": 1100 bytes is not a multiple of 512; the last 76 are not served";
        assertEquals(Optional.of(odd + text), Stores.tailWarning(odd));
    }
}
