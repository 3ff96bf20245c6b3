// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counters;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** Requests through a target and back, without network and disk: nanoseconds a request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TargetBenchmark {
    private static final int BATCH = 64;
    private static final int FRAME_BYTES = 2048;
    private static final int SECTORS = 8192;

    private final ByteBuffer frames = ByteBuffer.allocateDirect(BATCH * FRAME_BYTES);
    private final Counters counters = new Counters();
    private AoeTarget target;

    @Setup
    public void open() {
        TargetSettings settings =
                new TargetSettings(
                        new AoeAddress(0, 0), BATCH, List.of(), new DiskIdentity("serial", 1));
        target =
                new AoeTarget(
                        settings,
                        RehearsalPort.open(2 * BATCH, FRAME_BYTES),
                        MemoryStore.direct(SECTORS),
                        counters);
    }

    private void put(int opcode, int flags) {
        for (int i = 0; i < BATCH; i++) {
            int at = i * FRAME_BYTES;
            AoeFrame.putEthernet(frames, at, RehearsalPort.MAC, 0x02_00_00_00_00_0aL);
            AoeFrame.putAoe(frames, at, 0, 0, 0, Aoe.COMMAND_ATA, i);
            AtaFrame.putRequest(frames, at, AtaFrame.FLAG_EXTENDED | flags, opcode, 2, 2L * i);
        }
    }

    private Counters exchange() throws IOException {
        for (int i = 0; i < BATCH; i++) {
            int bytes = AtaFrame.DATA_OFFSET + 2 * BlockStore.SECTOR_BYTES;
            target.onFrame(frames, i * FRAME_BYTES, bytes);
        }
        target.batchEnd();
        target.poll();
        target.flush();
        return counters;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Counters read() throws IOException {
        put(AtaFrame.READ_EXT, 0);
        return exchange();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Counters write() throws IOException {
        put(AtaFrame.WRITE_EXT, AtaFrame.FLAG_WRITE);
        return exchange();
    }
}
