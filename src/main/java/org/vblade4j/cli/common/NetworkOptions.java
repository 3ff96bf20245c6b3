// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.common;

import org.vblade4j.config.PortKind;
import picocli.CommandLine.Option;

/** Where the commands look, and through what. */
public final class NetworkOptions extends InterfaceOptions {
    @Option(
            names = "--port",
            paramLabel = "ring|pcap",
            defaultValue = "ring",
            description =
                    "What moves the frames: packet rings, or libpcap where those are not to be had;"
                            + " default ${DEFAULT-VALUE}.")
    private PortKind kind;

    @Override
    public PortKind kind() {
        return kind;
    }
}
