// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.vblade4j.initiator.Discovery;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

/** A target that a command uses, with the port that leads to it. */
final class TargetDisk implements AutoCloseable {
    private static final long FIND_NS = TimeUnit.SECONDS.toNanos(2);

    private final AoeAddress address;
    private final EthernetPort port;
    private final RemoteDisk disk;

    private TargetDisk(AoeAddress address, EthernetPort port, RemoteDisk disk) {
        this.address = address;
        this.port = port;
        this.disk = disk;
    }

    /** Finds the one target with the address. */
    static TargetDisk open(InitiatorPort network, AoeAddress address, DiskSettings settings)
            throws IOException {
        EthernetPort port = network.open();
        try {
            FoundTarget target = find(port, network.name(), address);
            return new TargetDisk(address, port, RemoteDisk.open(port, target, settings));
        } catch (IOException | RuntimeException e) {
            port.close();
            throw e;
        }
    }

    /** With two of one address nobody knows which disk it would be. */
    private static FoundTarget find(EthernetPort port, String name, AoeAddress address)
            throws IOException {
        List<FoundTarget> found = new Discovery(port, System::nanoTime).find(address, FIND_NS);
        if (found.isEmpty()) {
            throw new IOException(address + " does not answer on " + name);
        }
        if (found.size() > 1) {
            throw new IOException(
                    found.size()
                            + " targets answer as "
                            + address
                            + " on "
                            + name
                            + ", such as "
                            + Mac.format(found.get(0).mac())
                            + " and "
                            + Mac.format(found.get(1).mac()));
        }
        return found.get(0);
    }

    AoeAddress address() {
        return address;
    }

    RemoteDisk disk() {
        return disk;
    }

    /** Any thread: makes {@link RemoteDisk#await} return. */
    void wakeUp() {
        port.wakeUp();
    }

    @Override
    public void close() {
        disk.close();
        port.close();
    }
}
