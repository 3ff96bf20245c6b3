// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.vblade4j.control.OperationException;

/** What one command did to several exports, gathered. Supervisor thread only. */
final class Outcomes {
    /** Empty for a success, else a line for the operator. */
    private final List<CompletableFuture<Optional<String>>> outcomes = new ArrayList<>();

    void put(String name, CompletableFuture<Optional<String>> outcome) {
        outcomes.add(outcome.thenApply(complaint -> complaint.map(why -> name + ": " + why)));
    }

    /** Adds a complaint that does not depend on how an export fares. */
    void put(String name, Optional<String> complaint) {
        put(name, CompletableFuture.completedFuture(complaint));
    }

    /** Done when each is; fails with every complaint, one a line. */
    CompletableFuture<Void> all() {
        return complaints().thenCompose(lines -> verdict(String.join("\n", lines)));
    }

    /** Done when each is, and never fails. */
    CompletableFuture<Void> settled() {
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new));
    }

    /** Every complaint; done when each is, and never fails. */
    CompletableFuture<List<String>> complaints() {
        return settled()
                .thenApply(
                        nothing ->
                                outcomes.stream()
                                        .flatMap(outcome -> outcome.join().stream())
                                        .toList());
    }

    private static CompletableFuture<Void> verdict(String complaints) {
        return complaints.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(
                        new OperationException(OperationException.Kind.REFUSED, complaints));
    }
}
