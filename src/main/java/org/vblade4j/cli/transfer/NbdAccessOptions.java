// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.vblade4j.nbd.NbdAccess;
import org.vblade4j.nbd.Tls;
import picocli.CommandLine.Option;

/** Who may be a client of {@code aoe nbd}. */
final class NbdAccessOptions {
    @Option(
            names = "--allow",
            paramLabel = "USER",
            split = ",",
            description =
                    "With --socket: serve these users, by name or number, besides root and the one"
                            + " who started it. The socket has mode 0666 then.")
    private List<String> allow = new ArrayList<>();

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description =
                    "Serve nobody without TLS, and show this certificate (PEM, followed by those"
                            + " that vouch for it).")
    private Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description =
                    "The private key of the certificate (PEM without a password), which nobody else"
                            + " may read.")
    private Path key;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description =
                    "Serve only clients that show a certificate which one of these (PEM) vouches"
                            + " for.")
    private Path authorities;

    /** A mistake among the options, or null. */
    String mistake(boolean unixSocket) {
        if (!allow.isEmpty() && !unixSocket) {
            return "--allow goes with --socket: TCP does not say who its user is";
        }
        if ((certificate == null) != (key == null)) {
            return "--tls-cert and --tls-key go together";
        }
        return authorities != null && certificate == null ? "--tls-ca goes with --tls-cert" : null;
    }

    boolean everybodyMayTry() {
        return !allow.isEmpty();
    }

    boolean secure() {
        return certificate != null;
    }

    /** What clients must prove a right by; null for those of TCP without TLS. */
    boolean clientsShowCertificate() {
        return authorities != null;
    }

    /**
     * @param self who started the program; null for TCP
     */
    NbdAccess access(UserPrincipal self, Consumer<String> warn) throws IOException {
        Set<UserPrincipal> users = new HashSet<>();
        if (self != null) {
            users.add(self);
            users.add(user("0"));
            for (String name : allow) {
                users.add(user(name));
            }
        }
        Optional<Tls> tls =
                certificate == null
                        ? Optional.empty()
                        : Optional.of(
                                Tls.of(certificate, key, Optional.ofNullable(authorities), warn));
        return new NbdAccess(users, tls);
    }

    private static UserPrincipal user(String name) throws IOException {
        UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
        try {
            return users.lookupPrincipalByName(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("--allow " + name + ": no such user", e);
        }
    }
}
