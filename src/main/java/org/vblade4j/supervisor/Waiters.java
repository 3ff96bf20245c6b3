// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Those who wait for the same thing to happen to an export, each no longer than a deadline. What
 * they get is empty when it happened, else why not. Supervisor thread only.
 */
final class Waiters {
    private final Scheduler scheduler;
    private final List<CompletableFuture<Optional<String>>> waiting = new ArrayList<>();

    Waiters(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    static CompletableFuture<Optional<String>> satisfied() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    static CompletableFuture<Optional<String>> refused(String why) {
        return CompletableFuture.completedFuture(Optional.of(why));
    }

    CompletableFuture<Optional<String>> add(Duration deadline, Supplier<String> whenLate) {
        CompletableFuture<Optional<String>> waiter = new CompletableFuture<>();
        waiting.add(waiter);
        Runnable cancel =
                scheduler.after(
                        deadline,
                        () -> {
                            waiting.removeIf(other -> other == waiter);
                            waiter.complete(Optional.of(whenLate.get()));
                        });
        return waiter.whenComplete((result, failure) -> cancel.run());
    }

    void succeed() {
        complete(Optional.empty());
    }

    void fail(String why) {
        complete(Optional.of(why));
    }

    private void complete(Optional<String> result) {
        List<CompletableFuture<Optional<String>>> served = List.copyOf(waiting);
        waiting.clear();
        served.forEach(waiter -> waiter.complete(result));
    }
}
