// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.vblade4j.ata.AtaDevice;
import org.vblade4j.ata.AtaTask;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.store.MemoryStore;

/** A request's header read and checked, an answer's header written: nanoseconds a frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    private static final long CLIENT = 0x02_00_00_00_00_0aL;
    private static final long TARGET = 0x02_00_00_00_00_14L;
    private static final int SECTORS = 1 << 20;

    private final ByteBuffer frame = ByteBuffer.allocateDirect(2048);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(2048);
    private final AtaTask task = new AtaTask();
    private AtaDevice device;
    private int tag;

    @Setup
    public void fill() {
        device = new AtaDevice(MemoryStore.direct(SECTORS), new DiskIdentity("serial", 1));
        AoeFrame.putEthernet(frame, 0, TARGET, CLIENT);
        AoeFrame.putAoe(frame, 0, 0, 1, 1, Aoe.COMMAND_ATA, 7);
        AtaFrame.putRequest(frame, 0, AtaFrame.FLAG_EXTENDED, AtaFrame.READ_EXT, 2, 0x1234);
    }

    @Benchmark
    public long readHeader() {
        return AoeFrame.source(frame, 0)
                + AoeFrame.destination(frame, 0)
                + AoeFrame.major(frame, 0)
                + AoeFrame.minor(frame, 0)
                + AoeFrame.tag(frame, 0)
                + AtaFrame.lba48(frame, 0)
                + AtaFrame.sectorCount(frame, 0);
    }

    @Benchmark
    public AtaTask decodeCommand() {
        device.decode(frame, 0, 60, 1024, task);
        return task;
    }

    @Benchmark
    public ByteBuffer writeAnswer() {
        AoeFrame.putEthernet(answer, 0, CLIENT, TARGET);
        AoeFrame.putAoe(answer, 0, Aoe.FLAG_RESPONSE, 1, 1, Aoe.COMMAND_ATA, tag++);
        AtaFrame.copyRequest(frame, 0, answer, 0);
        AtaFrame.putResult(answer, 0, 0, 0, AtaFrame.STATUS_READY);
        return answer;
    }
}
