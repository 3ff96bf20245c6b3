// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.vblade4j.control.OperationException;

/** What a thread that gave the supervisor a command waits for. */
final class Reply<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();

    /** Passes on what becomes of the outcome. */
    @SuppressWarnings("FutureReturnValueIgnored") // both results are passed on by the callback
    void follow(CompletableFuture<T> outcome) {
        outcome.whenComplete(
                (result, failure) -> {
                    if (failure == null) {
                        future.complete(result);
                    } else {
                        fail(failure);
                    }
                });
    }

    void fail(Throwable failure) {
        boolean wrapped = failure.getCause() instanceof OperationException;
        future.completeExceptionally(wrapped ? failure.getCause() : failure);
    }

    T await() throws OperationException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationException(OperationException.Kind.REFUSED, "interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OperationException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("a command failed by a defect", e.getCause());
        }
    }
}
