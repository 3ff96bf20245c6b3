// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AtaFrame;

class AtaDeviceTest {
    private final MemoryStore store = MemoryStore.heap(1000);
    private final AtaDevice device = new AtaDevice(store, new DiskIdentity("s", 0));
    private final AtaTask task = new AtaTask();
    private final ByteBuffer frame = ByteBuffer.allocate(4096);

    private record Row(int opcode, int count, long lba, AtaTask.Kind kind, String description) {
        @Override
        public String toString() {
            return description;
        }
    }

    @SuppressWarnings("unused") // named by @FieldSource
    private static final List<Row> COMMANDS =
            List.of(
                    new Row(0x20, 2, 0xe000_0005L, AtaTask.Kind.READ, "READ SECTORS"),
                    new Row(0x24, 2, 5, AtaTask.Kind.READ, "READ SECTORS EXT"),
                    new Row(0x30, 2, 0xe000_0005L, AtaTask.Kind.WRITE, "WRITE SECTORS"),
                    new Row(0x34, 2, 5, AtaTask.Kind.WRITE, "WRITE SECTORS EXT"),
                    new Row(0xe7, 0, 0, AtaTask.Kind.FLUSH, "FLUSH CACHE"),
                    new Row(0xea, 0, 0, AtaTask.Kind.FLUSH, "FLUSH CACHE EXT"),
                    new Row(0xec, 1, 0, AtaTask.Kind.IDENTIFY, "IDENTIFY DEVICE"),
                    new Row(0xe5, 0, 0, AtaTask.Kind.ANSWER, "CHECK POWER MODE"),
                    new Row(0xb0, 0, 0, AtaTask.Kind.ANSWER, "SMART, aborted"));

    private void decode(int opcode, int count, long lba) {
        AtaFrame.putRequest(frame, 0, 0, opcode, count, lba);
        device.decode(frame, 0, 36 + 1024, 1024, task);
    }

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void opcodesDecodeToWhatMustBeDone(Row row) {
        decode(row.opcode, row.count, row.lba);
        assertEquals(row.kind, task.kind());
        if (row.count == 2) {
            assertEquals(5, task.lba());
            assertEquals(2, task.sectors());
        }
    }

    /** The table, spelled out a second time: a changed row must be changed on purpose. */
    @ParameterizedTest
    @EnumSource(StoreStatus.class)
    void storeResultsBecomeAtaRegisters(StoreStatus status) {
        decode(0x24, 2, 5);
        boolean answered = device.finish(task, status, 1024, LossPolicy.DEFAULT);
        String registers = String.format("%02x/%02x", task.status(), task.error());
        String expected =
                switch (status) {
                    case OK -> "40/00";
                    case OUT_OF_RANGE -> "41/10";
                    case MEDIA_ERROR -> "41/40";
                    case NO_SPACE, READ_ONLY -> "41/04";
                    case UNAVAILABLE -> "silence";
                };
        assertEquals(expected, answered ? registers : "silence");
        if (answered) {
            assertEquals(status == StoreStatus.OK ? 0 : 2, task.sectorCount());
            assertEquals(status == StoreStatus.OK ? 1024 : 0, task.answerDataBytes());
        }
    }

    @Test
    void aReadThatNoLongerFitsIsAborted() {
        decode(0x24, 2, 5);
        device.finish(task, StoreStatus.OK, 1023, LossPolicy.DEFAULT);
        assertEquals(AtaFrame.ERROR_ABRT, task.error());
        assertEquals(2, task.sectorCount());
        assertEquals(0, task.answerDataBytes());
    }

    @Test
    void aTaskCarriesNothingOverToTheNextCommand() {
        decode(0x24, 2, 5);
        device.finish(task, StoreStatus.MEDIA_ERROR, 1024, LossPolicy.DEFAULT);
        decode(0xe5, 0, 0);
        assertEquals(AtaTask.Kind.ANSWER, task.kind());
        assertEquals("40/00", String.format("%02x/%02x", task.status(), task.error()));
        assertEquals(0, task.answerDataBytes());
    }
}
