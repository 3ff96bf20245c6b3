// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

import java.nio.ByteBuffer;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AtaFrame;

/**
 * One ATA disk: decodes commands, checks them against the store, and turns what the store made of
 * them into registers. The opcode alone decides between 28 and 48 bits and between reading and
 * writing; the frame's flags are only compared with it. Everything outside the short command set is
 * aborted without side effects.
 */
public final class AtaDevice {
    /** Sector count register of CHECK POWER MODE: active or idle. */
    private static final int POWER_ACTIVE = 0xff;

    private final BlockStore store;
    private final IdentifyPage page;

    public AtaDevice(BlockStore store, DiskIdentity identity) {
        this.store = store;
        this.page = new IdentifyPage(identity, store.traits());
    }

    /**
     * Decodes and checks the command of a request frame.
     *
     * @param lengthBytes of the frame, at least the ATA header; bytes beyond the data are ignored
     * @param roomBytes data that an answer can carry now
     */
    public void decode(ByteBuffer frame, int offset, int lengthBytes, int roomBytes, AtaTask task) {
        task.begin(AtaFrame.sectorCount(frame, offset));
        switch (AtaFrame.command(frame, offset)) {
            case AtaFrame.READ -> read(frame, offset, false, roomBytes, task);
            case AtaFrame.READ_EXT -> read(frame, offset, true, roomBytes, task);
            case AtaFrame.WRITE -> write(frame, offset, false, lengthBytes, task);
            case AtaFrame.WRITE_EXT -> write(frame, offset, true, lengthBytes, task);
            case AtaFrame.FLUSH, AtaFrame.FLUSH_EXT -> task.run(AtaTask.Kind.FLUSH, 0, 0);
            case AtaFrame.IDENTIFY -> identify(roomBytes, task);
            case AtaFrame.CHECK_POWER_MODE -> task.succeed(POWER_ACTIVE);
            default -> task.fail(AtaFrame.ERROR_ABRT);
        }
    }

    /** Writes the data of an IDENTIFY answer, {@link IdentifyPage#BYTES} long. */
    public void putIdentifyPage(ByteBuffer buffer, int offset) {
        page.put(buffer, offset, store.sectors());
    }

    /**
     * Sets a task's result from how its store request ended.
     *
     * @param roomBytes data that an answer can carry now, which may be less than it was
     * @param policy what the host is told of what may pass
     * @return false when there must be no answer
     */
    public boolean finish(AtaTask task, StoreStatus status, int roomBytes, LossPolicy policy) {
        int error = AtaStatus.error(status, policy);
        if (error == AtaStatus.SILENCE) {
            return false;
        }
        if (error != 0) {
            task.fail(error);
        } else if (task.kind() == AtaTask.Kind.READ
                && task.sectors() * BlockStore.SECTOR_BYTES > roomBytes) {
            task.lacksRoom = true;
            task.fail(AtaFrame.ERROR_ABRT);
        } else {
            task.succeed(0);
        }
        return true;
    }

    /** Sets the result of a command that cannot be carried out. */
    public void abort(AtaTask task) {
        task.fail(AtaFrame.ERROR_ABRT);
    }

    /** Whether the command has the disk put everything on its medium. */
    public static boolean flushes(int command) {
        return command == AtaFrame.FLUSH || command == AtaFrame.FLUSH_EXT;
    }

    private void read(ByteBuffer frame, int offset, boolean extended, int roomBytes, AtaTask task) {
        compareFlags(frame, offset, extended, false, task);
        transfer(frame, offset, extended, roomBytes, task, AtaTask.Kind.READ);
    }

    private void write(
            ByteBuffer frame, int offset, boolean extended, int lengthBytes, AtaTask task) {
        compareFlags(frame, offset, extended, true, task);
        if (store.traits().readOnly()) {
            task.fail(AtaFrame.ERROR_ABRT);
            return;
        }
        int presentBytes = lengthBytes - AtaFrame.DATA_OFFSET;
        transfer(frame, offset, extended, presentBytes, task, AtaTask.Kind.WRITE);
    }

    /** Nothing starts unless the whole range exists and all its data is there or has room. */
    private void transfer(
            ByteBuffer frame,
            int offset,
            boolean extended,
            int dataBytes,
            AtaTask task,
            AtaTask.Kind kind) {
        int count = task.sectorCount;
        long registers = AtaFrame.lba48(frame, offset);
        long lba = extended ? registers : registers & AtaFrame.LBA28_MASK;
        boolean widerThanOpcode = !extended && registers >>> 32 != 0;
        if (count == 0) {
            task.succeed(0); // AoE has no "0 stands for 256"
        } else if (widerThanOpcode || !exists(lba, count)) {
            task.fail(AtaFrame.ERROR_IDNF);
        } else if (dataBytes < count * BlockStore.SECTOR_BYTES) {
            task.lacksRoom = kind == AtaTask.Kind.READ;
            task.fail(AtaFrame.ERROR_ABRT);
        } else {
            task.run(kind, lba, count);
        }
    }

    /** Addresses have 48 bits and counts 8, so no sum or difference here can overflow. */
    private boolean exists(long lba, int count) {
        return lba <= store.sectors() - count;
    }

    private void identify(int roomBytes, AtaTask task) {
        if (roomBytes < IdentifyPage.BYTES) {
            task.fail(AtaFrame.ERROR_ABRT);
        } else {
            task.run(AtaTask.Kind.IDENTIFY, 0, 0);
            task.succeed(0);
        }
    }

    private static void compareFlags(
            ByteBuffer frame, int offset, boolean extended, boolean writes, AtaTask task) {
        int flags = AtaFrame.flags(frame, offset);
        boolean extendedFlag = (flags & AtaFrame.FLAG_EXTENDED) != 0;
        boolean writeFlag = (flags & AtaFrame.FLAG_WRITE) != 0;
        task.flagsContradict = extendedFlag != extended || writeFlag != writes;
    }
}
