// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.common;

import java.util.ArrayList;
import java.util.List;
import org.vblade4j.config.PortKind;
import org.vblade4j.export.Ports;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.net.PortException;
import picocli.CommandLine.Option;

/** Where aoe's commands look: the interfaces named, or all. */
public abstract class InterfaceOptions {
    @Option(
            names = {"-i", "--interface"},
            paramLabel = "INTERFACE",
            description =
                    "A network interface; may be repeated. Default: every Ethernet interface that"
                            + " is up.")
    private List<String> interfaceNames = new ArrayList<>();

    /** What moves the frames. */
    public abstract PortKind kind();

    /** No interface was named. */
    public final boolean everywhere() {
        return interfaceNames.isEmpty();
    }

    public final Initiator open() throws PortException {
        return Initiator.open(new Ports().of(kind()), interfaceNames);
    }

    /** For commands that move much data to or from one disk. */
    public final Initiator openForDisk() throws PortException {
        return Initiator.openForDisk(new Ports().of(kind()), interfaceNames);
    }
}
