// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The server's certificate and key, and who may say by a certificate that it is a client. */
public final class Tls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final char[] NO_PASSWORD = {};
    private static final byte[] PROBE = {1, 2, 3, 4};

    private final SSLContext context;
    private final boolean clientsShowCertificate;

    private Tls(SSLContext context, boolean clientsShowCertificate) {
        this.context = context;
        this.clientsShowCertificate = clientsShowCertificate;
    }

    /**
     * Reads PEM files.
     *
     * @param certificate the server's, followed by those that vouch for it
     * @param key which nobody but its owner may read; root's may be readable by its group
     * @param authorities when given, clients must show a certificate that one of these vouches for
     * @param warn takes what is no reason not to start
     * @throws IOException a file that cannot be used, with its name and why
     */
    public static Tls of(
            Path certificate, Path key, Optional<Path> authorities, Consumer<String> warn)
            throws IOException {
        X509Certificate[] chain = Pem.certificates(certificate);
        requirePrivate(key);
        PrivateKey secret = Pem.key(key, chain[0].getPublicKey().getAlgorithm());
        try {
            requirePair(certificate, chain[0], key, secret);
            warnOfDates(certificate, chain[0], warn);
            KeyStore own = empty();
            own.setKeyEntry("own", secret, NO_PASSWORD, chain);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore trusted = empty();
            if (authorities.isPresent()) {
                for (X509Certificate authority : Pem.certificates(authorities.get())) {
                    trusted.setCertificateEntry("ca" + trusted.size(), authority);
                    warnOfDates(authorities.get(), authority, warn);
                }
            }
            trust.init(trusted);
            // A client of TLS 1.2 could have the server calculate for as long as it likes.
            System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return new Tls(context, authorities.isPresent());
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS with " + certificate + ": " + e.getMessage(), e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void requirePrivate(Path key) throws IOException {
        if (!Files.exists(key)) {
            throw new IOException(key + " does not exist");
        }
        PosixFileAttributes file = Files.readAttributes(key, PosixFileAttributes.class);
        Set<PosixFilePermission> usual =
                EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        if (file.owner().getName().equals("root")) {
            usual.add(PosixFilePermission.GROUP_READ);
        }
        for (PosixFilePermission permission : file.permissions()) {
            if (!usual.contains(permission) && permission != PosixFilePermission.OWNER_EXECUTE) {
                throw new IOException(
                        key
                                + " can be used by others ("
                                + permission
                                + "); expected mode 0600, or 0640 for root's: chmod 600 "
                                + key);
            }
        }
    }

    private static void requirePair(
            Path certificate, X509Certificate own, Path key, PrivateKey secret)
            throws GeneralSecurityException, IOException {
        String kind = secret.getAlgorithm();
        String algorithm =
                kind.equals("RSA") ? "SHA256withRSA" : kind.equals("EC") ? "SHA256withECDSA" : kind;
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(secret);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        boolean fits;
        try {
            signature.initVerify(own.getPublicKey());
            signature.update(PROBE);
            fits = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            fits = false;
        }
        if (!fits) {
            throw new IOException(key + " is not the key of the certificate in " + certificate);
        }
    }

    private static void warnOfDates(Path file, X509Certificate shown, Consumer<String> warn) {
        try {
            shown.checkValidity();
        } catch (CertificateExpiredException e) {
            warn.accept(file + ": a certificate expired on " + shown.getNotAfter().toInstant());
        } catch (CertificateNotYetValidException e) {
            warn.accept(
                    file
                            + ": a certificate is not valid before "
                            + shown.getNotBefore().toInstant());
        }
    }

    /** Negotiates with a client, which may take as long as it is let. */
    TlsChannel over(SocketChannel channel) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(new TlsChannel.Below(channel), null, true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(PROTOCOLS);
        socket.setNeedClientAuth(clientsShowCertificate);
        socket.startHandshake();
        return new TlsChannel(socket);
    }
}
