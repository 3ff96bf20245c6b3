// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.torture.StampedSectors;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * A station that keeps to no buffer count: now and then it sends more requests at once than a ring
 * holds, many of them to where the last one ended, and asks again under a new tag before it could
 * have been answered. It looks at no answer; those are checked where they are sent.
 */
final class SimBurster {
    private static final int MAX_SECTORS = 2;
    private static final int BURST = 24;

    private final Simulation world;
    private final SplittableRandom random;
    private final long mac;
    private int burstsLeft;
    private int tag = 0x4000_0000;
    private int nextLba;

    SimBurster(Simulation world, long mac, int bursts) {
        this.world = world;
        this.mac = mac;
        random = world.random().split();
        burstsLeft = bursts;
    }

    boolean finished() {
        return burstsLeft == 0;
    }

    void turn() {
        if (burstsLeft > 0 && random.nextInt(60) == 0) {
            burstsLeft--;
            burst();
        }
    }

    /** The disk has just become smaller: reads what was there a moment ago. */
    void readTail() {
        for (int lba = Simulation.CHECKED_SECTORS; lba < Simulation.SECTORS; lba += 2) {
            send(frame(false, lba, 2));
        }
    }

    private void send(byte[] frame) {
        AoeFrame.putAoe(ByteBuffer.wrap(frame), 0, 0, 1, 1, Aoe.COMMAND_ATA, tag++);
        world.network().send(mac, frame);
    }

    private void burst() {
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            boolean again = !sent.isEmpty() && random.nextInt(3) == 0;
            byte[] frame =
                    again
                            ? sent.get(Math.max(0, sent.size() - 1 - random.nextInt(3))).clone()
                            : request();
            sent.add(frame);
            send(frame);
        }
    }

    private byte[] request() {
        int sectors = 1 + random.nextInt(MAX_SECTORS);
        int room = Simulation.CHECKED_SECTORS - sectors;
        int lba = random.nextInt(4) > 0 && nextLba <= room ? nextLba : random.nextInt(room);
        nextLba = lba + sectors;
        return frame(random.nextInt(4) > 0, lba, sectors);
    }

    private byte[] frame(boolean write, int lba, int sectors) {
        int bytes = AtaFrame.DATA_OFFSET + (write ? sectors * StampedSectors.BYTES : 0);
        ByteBuffer frame = ByteBuffer.allocate(Math.max(bytes, 60));
        AoeFrame.putEthernet(frame, 0, SimTarget.MAC, mac);
        int flags = AtaFrame.FLAG_EXTENDED | (write ? AtaFrame.FLAG_WRITE : 0);
        int command = write ? AtaFrame.WRITE_EXT : AtaFrame.READ_EXT;
        AtaFrame.putRequest(frame, 0, flags, command, sectors, lba);
        if (write) {
            StampedSectors.stamp(frame, AtaFrame.DATA_OFFSET, lba, sectors, world.nextId());
        }
        return frame.array();
    }
}
