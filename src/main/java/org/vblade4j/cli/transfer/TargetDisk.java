// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.IOException;
import java.io.PrintWriter;
import org.vblade4j.cli.common.InterfaceOptions;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.text.Printable;
import org.vblade4j.wire.AoeAddress;

/** A target that a command uses, with the ports that lead to it. */
final class TargetDisk implements AutoCloseable {
    private final AoeAddress address;
    private final Initiator initiator;
    private final RemoteDisk disk;

    private TargetDisk(AoeAddress address, Initiator initiator, RemoteDisk disk) {
        this.address = address;
        this.initiator = initiator;
        this.disk = disk;
    }

    /** Finds the one disk with the address, and uses all paths to it. */
    static TargetDisk open(InterfaceOptions network, AoeAddress address, DiskSettings settings)
            throws IOException {
        Initiator initiator = network.openForDisk();
        try {
            return new TargetDisk(address, initiator, initiator.connect(address, settings));
        } catch (IOException | RuntimeException e) {
            initiator.close();
            throw e;
        }
    }

    AoeAddress address() {
        return address;
    }

    RemoteDisk disk() {
        return disk;
    }

    /** Says why the disk is of no use any more, if it is not. */
    void explain(PrintWriter err) {
        disk.failure().ifPresent(why -> err.println("aoe: " + Printable.text(why)));
    }

    @Override
    public void close() {
        disk.close();
        initiator.close();
    }
}
