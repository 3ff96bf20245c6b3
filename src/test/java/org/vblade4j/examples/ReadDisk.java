// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import org.vblade4j.initiator.DiskChannel;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.wire.AoeAddress;

/** Writes a target's disk to standard output: {@code ReadDisk e1.0}. */
public final class ReadDisk {
    private ReadDisk() {}

    public static void main(String[] arguments) throws IOException {
        AoeAddress address = AoeAddress.parse(arguments[0]).orElseThrow();
        try (Initiator network = Initiator.open(); // all Ethernet interfaces that are up
                RemoteDisk disk = network.connect(address); // all paths that lead to it
                InputStream data = Channels.newInputStream(new DiskChannel(disk))) {
            data.transferTo(System.out);
        }
    }
}
