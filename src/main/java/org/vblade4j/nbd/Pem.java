// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and a private key from files of the form that RFC 7468 describes. */
final class Pem {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    /** AlgorithmIdentifier of RFC 8017: rsaEncryption, and no parameters. */
    private static final byte[] RSA = {
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        1,
        1,
        1,
        5,
        0
    };

    private Pem() {}

    /** All certificates of the file, in its order; one at least. */
    static X509Certificate[] certificates(Path file) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(text(file));
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (block.find()) {
                if (block.group(1).endsWith("CERTIFICATE")) {
                    InputStream der = new ByteArrayInputStream(decoded(block.group(2)));
                    found.add((X509Certificate) factory.generateCertificate(der));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException(file + ": a certificate cannot be read: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new IOException(
                    file + " holds no certificate, expected -----BEGIN CERTIFICATE-----");
        }
        return found.toArray(new X509Certificate[0]);
    }

    /**
     * The private key for a certificate.
     *
     * @param algorithm of the certificate's public key
     */
    static PrivateKey key(Path file, String algorithm) throws IOException {
        Matcher block = BLOCK.matcher(text(file));
        while (block.find()) {
            String kind = block.group(1);
            if (kind.equals("PRIVATE KEY") || kind.equals("RSA PRIVATE KEY")) {
                return key(file, kind, block.group(2), algorithm);
            }
            if (kind.endsWith("PRIVATE KEY")) {
                throw new IOException(
                        file
                                + " holds an "
                                + kind
                                + ", expected a PRIVATE KEY without a password; this makes one:"
                                + " openssl pkcs8 -topk8 -nocrypt -in "
                                + file.getFileName());
            }
        }
        throw new IOException(file + " holds no private key, expected -----BEGIN PRIVATE KEY-----");
    }

    private static PrivateKey key(Path file, String kind, String base64, String algorithm)
            throws IOException {
        try {
            byte[] der = decoded(base64);
            boolean bare = kind.startsWith("RSA");
            PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(bare ? wrapped(der) : der);
            return KeyFactory.getInstance(bare ? "RSA" : algorithm).generatePrivate(spec);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    file + ": it is no " + algorithm + " key, which the certificate is for", e);
        }
    }

    private static byte[] decoded(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    /** RSAPrivateKey of RFC 8017 within PrivateKeyInfo of RFC 5208. */
    private static byte[] wrapped(byte[] rsaKey) {
        byte[] version = {2, 1, 0};
        byte[] octets = element(0x04, rsaKey);
        ByteBuffer all = ByteBuffer.allocate(version.length + RSA.length + octets.length);
        return element(0x30, all.put(version).put(RSA).put(octets).array());
    }

    /** An element of DER with a length of three bytes' form. */
    private static byte[] element(int tag, byte[] content) {
        ByteBuffer element = ByteBuffer.allocate(4 + content.length);
        if (content.length < 1 << 8 || content.length >= 1 << 16) {
            throw new IllegalArgumentException("a key of " + content.length + " bytes");
        }
        return element.put((byte) tag)
                .put((byte) 0x82)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    private static String text(Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException(file + " has more than 1 MiB, expected a few KiB");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        }
    }
}
