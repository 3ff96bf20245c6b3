// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.torture.StampedSectors;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * A host that reads and writes the same few sectors as all others, and now and then asks for the
 * config string or a reservation. It never has two requests on one sector, as no host has.
 */
final class SimInitiator {
    private static final int MAX_SECTORS = 6;
    private static final int STATE_COMMANDS = 6;

    /** What a host is called after it has given up a disk and begun anew. */
    private static final long NEXT_MAC = 0x1_0000;

    private final Simulation world;
    private final DiskSettings settings;
    private EthernetPort port;
    private RemoteDisk disk;
    private long mac;
    private final DiskHistory history;
    private final SplittableRandom random;
    private final int sectors;
    private final boolean[] busy;
    private final List<Job> jobs = new ArrayList<>();
    private int requestsLeft;
    private int stateCommandsLeft = STATE_COMMANDS;
    private int running;
    private int succeeded;

    SimInitiator(Simulation world, long firstMac, int sectors, int requests) {
        this.world = world;
        this.sectors = sectors;
        history = world.history();
        random = world.random().split();
        requestsLeft = requests;
        busy = new boolean[sectors];
        int window = 1 + random.nextInt(16);
        settings = new DiskSettings(window, 2_000_000, 100_000_000, 120_000_000_000L);
        connect(firstMac);
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            jobs.add(new Job());
        }
    }

    private void connect(long asMac) {
        mac = asMac;
        PortOptions options = PortOptions.forInitiator("sim", 32, 24);
        port = world.network().segment(mac).connect(options, world.setup().mtuBytes());
        FoundTarget found =
                new FoundTarget(SimTarget.ADDRESS, SimTarget.MAC, SimTarget.BUFFERS, 1, 17, "");
        disk = new RemoteDisk(port, found, settings, world::nowNs);
    }

    void turn() throws PortException {
        disk.poll();
        if (disk.failure().isPresent()) { // another size after silence: another disk, it says
            disk.close();
            connect(mac + NEXT_MAC);
        }
        if (disk.ready()) {
            jobs.forEach(Job::startIfIdle);
        }
        if (stateCommandsLeft > 0 && random.nextInt(40) == 0) {
            stateCommandsLeft--;
            sendStateCommand();
        }
    }

    boolean finished() {
        return requestsLeft == 0 && running == 0;
    }

    int succeeded() {
        return succeeded;
    }

    /** Fire and forget, as aoecfg does; what is answered is checked at the target. */
    private void sendStateCommand() throws PortException {
        int slot = port.claim();
        if (slot < 0) {
            return;
        }
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(slot);
        boolean reserve = random.nextInt(3) == 0;
        int command = reserve ? Aoe.COMMAND_RESERVE : Aoe.COMMAND_CONFIG;
        AoeFrame.putEthernet(buffer, at, SimTarget.MAC, mac);
        AoeFrame.putAoe(buffer, at, 0, 1, 1, command, random.nextInt() & 0x7fff_ffff);
        port.commit(
                slot, AoeFrame.pad(buffer, at, reserve ? reserve(buffer, at) : config(buffer, at)));
        port.flush();
    }

    /** Mostly releases, so that the disk does not stay shut for the others. */
    private int reserve(ByteBuffer buffer, int at) {
        int operation = random.nextInt(4) == 0 ? ReserveFrame.SET : ReserveFrame.FORCE_SET;
        int count = operation == ReserveFrame.SET ? 1 : 0;
        ReserveFrame.put(buffer, at, operation, count);
        for (int i = 0; i < count; i++) {
            ReserveFrame.putMac(buffer, at, i, mac);
        }
        return ReserveFrame.frameBytes(count);
    }

    private int config(ByteBuffer buffer, int at) {
        int[] operations = {ConfigFrame.READ, ConfigFrame.SET, ConfigFrame.FORCE_SET};
        int bytes = random.nextInt(20);
        ConfigFrame.putRequest(buffer, at, operations[random.nextInt(3)], bytes);
        for (int i = 0; i < bytes; i++) {
            buffer.put(at + ConfigFrame.STRING_OFFSET + i, (byte) (mac + i));
        }
        return ConfigFrame.STRING_OFFSET + bytes;
    }

    private final class Job {
        private final ByteBuffer buffer = ByteBuffer.allocate(MAX_SECTORS * StampedSectors.BYTES);
        private final StoreRequest request = new StoreRequest(done -> ended());
        private long began;
        private long id;
        private boolean runs;

        void startIfIdle() {
            if (runs || requestsLeft == 0) {
                return;
            }
            int lba = random.nextInt(sectors);
            int end = lba;
            int most = 1 + random.nextInt(MAX_SECTORS);
            while (end < sectors && end - lba < most && !busy[end]) {
                busy[end++] = true;
            }
            if (end > lba) {
                start(lba, end - lba);
            }
        }

        private void start(int lba, int count) {
            runs = true;
            running++;
            requestsLeft--;
            began = history.now();
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    id = world.nextId();
                    StampedSectors.stamp(buffer, 0, lba, count, id);
                    disk.submit(request.write(lba, count, buffer, 0));
                }
                case 4 -> {
                    Arrays.fill(busy, lba, lba + count, false);
                    disk.submit(request.flush());
                }
                default -> disk.submit(request.read(lba, count, buffer, 0));
            }
        }

        private void ended() {
            runs = false;
            running--;
            int from = (int) request.lba();
            boolean ok = request.status() == StoreStatus.OK;
            succeeded += ok ? 1 : 0;
            for (int i = 0; i < request.sectors(); i++) {
                busy[from + i] = false;
                if (ok && request.op() == StoreRequest.Op.WRITE) {
                    history.writtenFromAfar(from + i, id, began);
                } else if (ok) {
                    long found = StampedSectors.id(buffer, i * StampedSectors.BYTES, from + i);
                    history.readFromAfar(from + i, found, began);
                }
            }
        }
    }
}
