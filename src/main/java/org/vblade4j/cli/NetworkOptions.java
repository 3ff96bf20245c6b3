// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.net.PortException;
import picocli.CommandLine.Option;

/** Where aoe's commands look: the interfaces named, or all. */
final class NetworkOptions {
    @Option(
            names = {"-i", "--interface"},
            paramLabel = "INTERFACE",
            description =
                    "A network interface; may be repeated. Default: every Ethernet interface that"
                            + " is up.")
    private List<String> interfaceNames = new ArrayList<>();

    /** No interface was named. */
    boolean everywhere() {
        return interfaceNames.isEmpty();
    }

    Initiator open() throws PortException {
        return Initiator.open(interfaceNames.toArray(new String[0]));
    }
}
