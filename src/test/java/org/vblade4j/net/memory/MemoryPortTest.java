// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.memory;

import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.EthernetPortContract;
import org.vblade4j.net.PortOptions;

final class MemoryPortTest extends EthernetPortContract {
    private final MemoryLan lan = new MemoryLan();
    private int mtuBytes;

    @Override
    protected void connect(int mtuBytes) {
        this.mtuBytes = mtuBytes;
    }

    @Override
    protected EthernetPort open(PortOptions options, Counters counters) {
        long mac = options.address() == null ? INITIATOR_MAC : TARGET_MAC;
        return lan.connect(options, mac, mtuBytes, counters);
    }

    @Override
    protected void changeMtu(EthernetPort target, int mtuBytes) {
        ((MemoryPort) target).changeMtu(mtuBytes);
    }
}
