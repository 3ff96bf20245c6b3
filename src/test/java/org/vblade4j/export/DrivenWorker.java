// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.target.AoeTarget;

/** A {@link Worker} for tests of other packages. */
public final class DrivenWorker {
    private static final long TICK_NS = 1_000_000_000L;

    private final Worker worker;

    public DrivenWorker(
            EthernetPort port,
            AoeTarget target,
            BlockStore store,
            LongSupplier clockNs,
            long spinNs,
            BooleanSupplier ending) {
        Tick tick = new Tick(clockNs, TICK_NS, () -> {});
        Heartbeat heartbeat = new Heartbeat();
        worker = new Worker(port, target, store, clockNs, () -> spinNs, ending, tick, heartbeat);
    }

    /** As {@link Worker#serve}. */
    public void serve() throws PortException {
        worker.serve();
    }

    /** As {@link Worker#settle}. */
    public boolean settle() {
        return worker.settle();
    }
}
