// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

import org.vblade4j.store.BlockStore;

/**
 * One ATA command between its decoding and its answer. {@link AtaDevice} fills it in; the caller
 * reads it and reuses it for the next command. One thread at a time.
 */
public final class AtaTask {
    /** What is left to do before the command can be answered. */
    public enum Kind {
        /** Nothing: the result registers are set. */
        ANSWER,
        /** Write the IDENTIFY page as the answer's data; the result registers are set. */
        IDENTIFY,
        /** Read sectors from the store into the answer. */
        READ,
        /** Write sectors from the frame to the store. */
        WRITE,
        /** Flush the store. */
        FLUSH
    }

    Kind kind = Kind.ANSWER;
    long lba;
    int sectors;
    int status;
    int error;
    int sectorCount;
    boolean flagsContradict;
    boolean lacksRoom;

    void begin(int requestedSectors) {
        kind = Kind.ANSWER;
        lba = 0;
        sectors = 0;
        sectorCount = requestedSectors;
        flagsContradict = false;
        lacksRoom = false;
    }

    void run(Kind kind, long lba, int sectors) {
        this.kind = kind;
        this.lba = lba;
        this.sectors = sectors;
    }

    void succeed(int sectorCount) {
        status = AtaStatus.SUCCESS;
        error = 0;
        this.sectorCount = sectorCount;
    }

    /** The sector count stays as requested: nothing of it was transferred. */
    void fail(int error) {
        status = AtaStatus.FAILURE;
        this.error = error;
    }

    public Kind kind() {
        return kind;
    }

    /** First sector of a read or write; the whole range was checked. */
    public long lba() {
        return lba;
    }

    /** Sectors to read or write, at least 1. */
    public int sectors() {
        return sectors;
    }

    /** Result: the status register. */
    public int status() {
        return status;
    }

    /** Result: the error register. */
    public int error() {
        return error;
    }

    /** Result: the sector count register. */
    public int sectorCount() {
        return sectorCount;
    }

    /** Whether the result is an error. */
    public boolean failed() {
        return status != AtaStatus.SUCCESS;
    }

    /** Result: bytes of data that the answer carries. */
    public int answerDataBytes() {
        if (failed()) {
            return 0;
        }
        return switch (kind) {
            case READ -> sectors * BlockStore.SECTOR_BYTES;
            case IDENTIFY -> IdentifyPage.BYTES;
            default -> 0;
        };
    }

    /** Result: it failed only because the answer cannot carry the data now. */
    public boolean lacksRoom() {
        return lacksRoom;
    }

    /** The frame's flags name another width or direction than the opcode, which decided. */
    public boolean flagsContradict() {
        return flagsContradict;
    }
}
