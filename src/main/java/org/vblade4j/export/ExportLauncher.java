// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import org.vblade4j.config.ExportSpec;
import org.vblade4j.net.PortFactory;

/** Starts exports on one kind of network. */
public final class ExportLauncher {
    private final PortFactory ports;

    public ExportLauncher(PortFactory ports) {
        this.ports = ports;
    }

    /** As {@link Export#start}. */
    public Export start(ExportSpec spec, int receiveFrames, Export.Listener listener) {
        return Export.start(spec, ports, receiveFrames, listener);
    }
}
