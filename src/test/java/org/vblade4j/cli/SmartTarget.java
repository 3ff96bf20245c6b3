// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;

/** As much of a target as aoe smart needs, on a thread of its own: no vblade passes SMART on. */
final class SmartTarget implements AutoCloseable, FrameHandler {
    private static final AoeAddress ADDRESS = new AoeAddress(7, 3);
    private static final int SMART = 0xb0;
    private static final int DATA_FRAME_BYTES = AtaFrame.DATA_OFFSET + 512;

    private final EthernetPort port;
    private final FutureTask<Void> task = new FutureTask<>(this::serve);
    private volatile boolean failing;
    private volatile boolean stop;

    private SmartTarget(EthernetPort port) {
        this.port = port;
    }

    static SmartTarget start(String interfaceName) throws PortException {
        PortOptions options = PortOptions.forTarget(interfaceName, ADDRESS, 64, 8);
        SmartTarget target = new SmartTarget(new RingPorts().open(options, new Counters()));
        new Thread(target.task, "smart-target").start();
        return target;
    }

    /** From now on the disk expects to fail. */
    void fail() {
        failing = true;
    }

    private Void serve() throws PortException {
        while (!stop) {
            if (port.receive(this, 16) == 0) {
                port.await(-1);
            }
            port.flush();
        }
        return null;
    }

    @Override
    public void onFrame(ByteBuffer request, int at, int lengthBytes) {
        int slot = port.claim();
        ByteBuffer answer = port.slots();
        int offset = port.slotOffset(slot);
        for (int i = 0; i < DATA_FRAME_BYTES; i++) {
            answer.put(offset + i, (byte) 0);
        }
        int command = AoeFrame.command(request, at);
        AoeFrame.putEthernet(answer, offset, AoeFrame.source(request, at), port.mac());
        int tag = AoeFrame.tag(request, at);
        AoeFrame.putAoe(
                answer, offset, Aoe.FLAG_RESPONSE, ADDRESS.shelf(), ADDRESS.slot(), command, tag);
        if (command == Aoe.COMMAND_CONFIG) {
            ConfigFrame.putResponse(answer, offset, 4, 1, 2, ConfigFrame.READ);
        } else {
            AtaFrame.copyRequest(request, at, answer, offset);
            AtaFrame.putResult(answer, offset, 0, 0, AtaFrame.STATUS_READY);
            int data = offset + AtaFrame.DATA_OFFSET;
            if (AtaFrame.command(request, at) == AtaFrame.IDENTIFY) {
                answer.put(data + 2 * 82, (byte) 1).put(data + 2 * 85, (byte) 1);
            } else if (AtaFrame.command(request, at) == SMART) {
                smart(AtaFrame.feature(request, at), answer, offset, data);
            }
        }
        port.commit(slot, DATA_FRAME_BYTES);
    }

    private void smart(int feature, ByteBuffer answer, int offset, int data) {
        switch (feature) {
            case 0xd0 -> {
                byte[] reallocated = {5, 0x33, 0, 100, 99, 42};
                answer.put(data + 2, reallocated);
            }
            case 0xda -> {
                if (failing) {
                    answer.put(offset + AtaFrame.LBA_OFFSET + 1, (byte) 0xf4);
                    answer.put(offset + AtaFrame.LBA_OFFSET + 2, (byte) 0x2c);
                }
            }
            case 0xd8 -> {}
            default ->
                    AtaFrame.putResult(
                            answer,
                            offset,
                            AtaFrame.ERROR_ABRT,
                            0,
                            AtaFrame.STATUS_READY | AtaFrame.STATUS_ERROR);
        }
    }

    @Override
    public void close() {
        stop = true;
        port.wakeUp();
        try {
            task.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
        port.close();
    }
}
