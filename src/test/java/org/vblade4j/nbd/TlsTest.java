// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;

/** Clients that must use TLS, and the files that it needs. */
@Timeout(120)
class TlsTest {
    private static final long PATIENCE_NS = 20_000_000_000L;

    private static final int MIB = 1 << 20;
    private static final byte[] NONE = {};

    @TempDir static Path files;

    private static Certified server;
    private static Certified client;
    private static Certified stranger;

    @TempDir Path directory;

    private final MemoryStore store = MemoryStore.heap(8 * (MIB / 512));
    private final List<String> warnings = new ArrayList<>();

    @BeforeAll
    static void certify() throws Exception {
        server = Certified.make(files, "server", "EC", 0);
        client = Certified.make(files, "client", "RSA", 0);
        stranger = Certified.make(files, "stranger", "EC", 0);
    }

    private ServedStore serve(Optional<Path> authorities, boolean tcp) throws IOException {
        Tls tls = Tls.of(server.certificate(), server.key(), authorities, warnings::add);
        InetAddress local = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        ServerSocketChannel listener =
                tcp
                        ? ServerSocketChannel.open().bind(new InetSocketAddress(local, 0))
                        : ServedStore.onUnixSocket(directory);
        NbdAccess access = new NbdAccess(Set.of(), Optional.of(tls));
        return new ServedStore(listener, access, store, false, System::nanoTime);
    }

    private static SSLContext trusting(Certified shown) throws Exception {
        return Certified.context(server, shown);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dataGoesBothWays(boolean tcp) throws Exception {
        byte[] data = Patterns.random(1, 3 * MIB);
        try (ServedStore served = serve(Optional.empty(), tcp);
                NbdClient one = NbdClient.secure(served.address(), trusting(null))) {
            one.request(0, Nbd.CMD_WRITE, 1, 100, data.length, data);
            assertEquals(0, one.reply(0).error());
            assertArrayEquals(data, one.read(100, data.length));
            for (int i = 0; i < 100; i++) {
                one.request(0, Nbd.CMD_READ, i, 512L * i, 512, NONE);
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(0, one.reply(512).error());
            }
            one.option(Nbd.OPT_STARTTLS, new byte[12]); // no request
            assertTrue(one.atEnd());
            awaitLog(served, "");
            assertEquals(1, served.log.size(), served.log.toString());
        }
        assertEquals(List.of(), warnings);
    }

    @Test
    void aServerThatStopsAnswersWhatHasCome() throws Exception {
        try (ServedStore served = serve(Optional.empty(), false);
                NbdClient one = NbdClient.secure(served.address(), trusting(null))) {
            assertEquals(512, one.read(0, 512).length);
            served.server().stop();
            assertTrue(one.atEnd());
        }
    }

    @ParameterizedTest
    @CsvSource({"3", "6", "7", "8", "77"})
    void withoutItNothingIsSaid(int option) throws Exception {
        try (ServedStore served = serve(Optional.empty(), false);
                NbdClient plain = new NbdClient(served.address(), 3)) {
            plain.option(option, NbdClient.info(""));
            NbdClient.OptionReply reply = plain.optionReply();
            assertEquals(Nbd.REP_ERR_TLS_REQD, reply.type());
            assertEquals(
                    "this server requires TLS",
                    new String(reply.data(), StandardCharsets.US_ASCII));
            plain.option(Nbd.OPT_STARTTLS, new byte[1]);
            assertEquals(Nbd.REP_ERR_INVALID, plain.optionReply().type());
            plain.option(Nbd.OPT_ABORT, NONE);
            assertEquals(Nbd.REP_ACK, plain.optionReply().type());
            assertTrue(plain.atEnd());
            awaitLog(served, "without TLS");
        }
    }

    @Test
    void theOldWayInIsClosed() throws Exception {
        try (ServedStore served = serve(Optional.empty(), false);
                NbdClient plain = new NbdClient(served.address(), 3)) {
            plain.option(Nbd.OPT_EXPORT_NAME, NONE);
            assertTrue(plain.atEnd());
        }
    }

    /** The client may see the end of the connection before the server has said why. */
    private static void awaitLog(ServedStore served, String text) {
        long startNs = System.nanoTime();
        while (served.log.stream().noneMatch(line -> line.contains(text))) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, () -> text + ": " + served.log);
            Thread.onSpinWait();
        }
    }

    /** What was sent in the clear right behind STARTTLS is not taken for what TLS has brought. */
    @Test
    void nothingFromBeforeIsCarriedIn() throws Exception {
        try (ServedStore served = serve(Optional.empty(), false);
                NbdClient both = new NbdClient(served.address(), 3)) {
            ByteBuffer bytes = ByteBuffer.allocate(64);
            bytes.putLong(Nbd.IHAVEOPT).putInt(Nbd.OPT_STARTTLS).putInt(0);
            bytes.putLong(Nbd.IHAVEOPT).putInt(Nbd.OPT_LIST).putInt(0);
            both.send(bytes);
            assertEquals(Nbd.REP_ACK, both.optionReply().type());
            try {
                both.receive(20); // an alert, or nothing
                assertThrows(IOException.class, () -> both.receive(64));
            } catch (IOException e) {
                assertTrue(both.atEnd());
            }
            awaitLog(served, "no TLS that");
        }
    }

    @Test
    void withAnAuthorityClientsShowACertificate() throws Exception {
        try (ServedStore served = serve(Optional.of(client.certificate()), false)) {
            for (Certified shown : new Certified[] {null, stranger}) {
                SSLContext context = trusting(shown);
                assertThrows(
                        IOException.class,
                        () -> {
                            try (NbdClient one = NbdClient.secure(served.address(), context)) {
                                one.read(0, 512);
                            }
                        });
            }
            try (NbdClient one = NbdClient.secure(served.address(), trusting(client))) {
                assertEquals(512, one.read(0, 512).length);
            }
        }
    }

    private String refused(Path certificate, Path key, Path authorities) {
        return assertThrows(
                        IOException.class,
                        () ->
                                Tls.of(
                                        certificate,
                                        key,
                                        Optional.ofNullable(authorities),
                                        warnings::add))
                .getMessage();
    }

    @Test
    void filesThatCannotBeUsedAreNamedWithTheReason() throws Exception {
        Path missing = directory.resolve("missing");
        assertEquals(missing + " does not exist", refused(missing, server.key(), null));
        assertEquals(missing + " does not exist", refused(server.certificate(), missing, null));
        assertEquals(
                missing + " does not exist", refused(server.certificate(), server.key(), missing));
        assertEquals(
                stranger.key() + " is not the key of the certificate in " + server.certificate(),
                refused(server.certificate(), stranger.key(), null));
        assertTrue(
                refused(server.certificate(), client.key(), null)
                        .contains("it is no EC key, which the certificate is for"));
        assertTrue(
                refused(server.key(), server.key(), null)
                        .endsWith(" holds no certificate, expected -----BEGIN CERTIFICATE-----"));
        Path text = Files.writeString(directory.resolve("text"), "hello");
        Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rw-------"));
        assertTrue(refused(server.certificate(), text, null).contains(" holds no private key"));
        Path locked = Files.copy(text, directory.resolve("locked"));
        Files.writeString(locked, Certified.pem("ENCRYPTED PRIVATE KEY", new byte[100]));
        assertTrue(refused(server.certificate(), locked, null).contains("openssl pkcs8 -topk8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw--w----", "rw-rw----"})
    void aKeyThatOthersCanUseIsRefused(String mode) throws Exception {
        Path key = Files.copy(server.key(), directory.resolve("key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
        String message = refused(server.certificate(), key, null);
        assertTrue(message.contains(" can be used by others "), message);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
        Tls.of(server.certificate(), key, Optional.empty(), warnings::add);
    }

    @Test
    void aCertificateThatHasExpiredIsWarnedOf() throws Exception {
        Certified old = Certified.make(directory, "old", "RSA", -10);
        Tls.of(old.certificate(), old.key(), Optional.empty(), warnings::add);
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("a certificate expired on 20"), warnings.get(0));
    }

    /** The form that certtool and older versions of OpenSSL write. */
    @Test
    void aBareRsaKeyIsUsedToo() throws Exception {
        String text = Files.readString(client.key());
        byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]*-----", ""));
        int headBytes = 26; // of PrivateKeyInfo around a key of 2048 bits
        byte[] bare = new byte[der.length - headBytes];
        System.arraycopy(der, headBytes, bare, 0, bare.length);
        Path key =
                Files.writeString(directory.resolve("key"), Certified.pem("RSA PRIVATE KEY", bare));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Tls.of(client.certificate(), key, Optional.empty(), warnings::add);
    }
}
