// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import org.vblade4j.cli.common.InterfaceOptions;
import org.vblade4j.config.PortKind;
import picocli.CommandLine.Option;

/** The same for {@code aoe nbd}, whose port is one of TCP. */
final class NbdNetworkOptions extends InterfaceOptions {
    @Option(
            names = "--via",
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
