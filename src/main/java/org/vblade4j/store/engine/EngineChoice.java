// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

/** Which engine is wanted. */
public enum EngineChoice {
    /** io_uring where the system grants it, else threads. */
    AUTO,
    URING,
    THREADS,
    /** One operation after the other. */
    SYNC
}
