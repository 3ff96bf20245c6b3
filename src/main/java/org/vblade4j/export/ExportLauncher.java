// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.PortKind;
import org.vblade4j.config.PortSettings;
import org.vblade4j.guard.DeviceClaims;
import org.vblade4j.net.PortFactory;

/**
 * Starts the exports of one process on the kind of port their settings name, and keeps them off
 * each other. Warms the program up with the first.
 */
public final class ExportLauncher {
    /** From this many on, exports are sparing with memory. */
    private static final int CROWD = 8;

    private final Function<PortKind, PortFactory> ports;
    private final DeviceClaims claims = new DeviceClaims();
    private final ChangeLog changes;
    private final WarmUp warmUp = new WarmUp();
    private final AtomicInteger running = new AtomicInteger();

    /** Exports whose changes by initiators do not outlive the process. */
    public ExportLauncher() {
        this(ChangeLog.keepingNothing());
    }

    /**
     * Exports that go on from what was changed before.
     *
     * @param changes keeps and logs what initiators change
     */
    public ExportLauncher(ChangeLog changes) {
        this(new Ports()::of, changes);
    }

    ExportLauncher(Function<PortKind, PortFactory> ports) {
        this(ports, ChangeLog.keepingNothing());
    }

    private ExportLauncher(Function<PortKind, PortFactory> ports, ChangeLog changes) {
        this.ports = ports;
        this.changes = changes;
    }

    /** Exports are announced as soon as they are open, and the first frames find a cold program. */
    public void hurry() {
        warmUp.leaveOut();
    }

    /** As {@link Export#start}; any thread. */
    public Export start(ExportSpec spec, PortSettings settings, Export.Listener listener) {
        warmUp.begin();
        boolean crowded = running.incrementAndGet() > CROWD;
        boolean begun = false;
        try {
            Surroundings around = new Surroundings(ports.apply(settings.kind()), claims, changes);
            Export export =
                    Export.start(
                            spec, around, settings, crowded, warmUp::await, new Counting(listener));
            begun = true;
            return export;
        } finally {
            if (!begun) {
                running.decrementAndGet();
            }
        }
    }

    private final class Counting implements Export.Listener {
        private final Export.Listener next;

        Counting(Export.Listener next) {
            this.next = next;
        }

        @Override
        public void started(Export export) {
            next.started(export);
        }

        @Override
        public void ended(Export export, Throwable cause) {
            running.decrementAndGet();
            next.ended(export, cause);
        }
    }
}
