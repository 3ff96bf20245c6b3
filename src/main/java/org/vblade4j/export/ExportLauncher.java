// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.PortKind;
import org.vblade4j.config.PortSettings;
import org.vblade4j.net.PortFactory;

/** Starts exports on the kind of port their settings name. Warms the program up with the first. */
public final class ExportLauncher {
    /** From this many on, exports are sparing with memory. */
    private static final int CROWD = 8;

    private final Function<PortKind, PortFactory> ports;
    private final WarmUp warmUp = new WarmUp();
    private final AtomicInteger running = new AtomicInteger();

    public ExportLauncher() {
        this(new Ports()::of);
    }

    ExportLauncher(Function<PortKind, PortFactory> ports) {
        this.ports = ports;
    }

    /** As {@link Export#start}; any thread. */
    public Export start(ExportSpec spec, PortSettings settings, Export.Listener listener) {
        warmUp.begin();
        boolean crowded = running.incrementAndGet() > CROWD;
        return Export.start(
                spec,
                ports.apply(settings.kind()),
                settings,
                crowded,
                warmUp::await,
                new Counting(listener));
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
