// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.Interruption;
import org.vblade4j.cli.common.Terminal;
import org.vblade4j.copy.Copier;
import org.vblade4j.copy.CopyReport;
import org.vblade4j.copy.DiskEnd;
import org.vblade4j.copy.StreamSink;
import org.vblade4j.wire.AoeAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A target's bytes on standard output. */
@Command(
        name = "cat",
        description = {
            "Write what a target holds to standard output, all of it or a part.",
            ByteSize.HELP
        })
public final class CatCommand implements Callable<Integer> {
    static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    @Spec private CommandSpec spec;

    @Mixin private TransferOptions options;

    @Option(
            names = "--skip",
            paramLabel = "SIZE",
            description = "Begin so far from the target's beginning.")
    private ByteSize skip;

    @Option(
            names = "--length",
            paramLabel = "SIZE",
            description = "Write so much; default: to the end.")
    private ByteSize length;

    @Option(names = "--force", description = "Write to a terminal, too.")
    private boolean force;

    @Parameters(paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    @Override
    public Integer call() throws IOException {
        if (!force && Terminal.isTerminal(Terminal.STDOUT)) {
            throw new IOException(
                    "standard output is a terminal: --force writes the disk's bytes there");
        }
        try (TargetDisk target = TargetDisk.open(options.network(), address, options.disk());
                FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            long skipBytes = ByteSize.bytes(skip, 0);
            long bytes = range(target, skipBytes, ByteSize.bytes(length, -1));
            StreamSink sink = new StreamSink("standard output", out.getChannel());
            DiskEnd source =
                    new DiskEnd(
                            address.toString(),
                            target.disk(),
                            skipBytes / ByteSize.SECTOR_BYTES,
                            false);
            Copier copier =
                    new Copier(
                            source,
                            sink,
                            0,
                            bytes,
                            options.copy(target),
                            System::nanoTime,
                            () -> target.disk().await(WAIT_NS));
            Interruption signals = Interruption.stopping(copier::stop);
            CopyReport report = options.run(copier, address + " read", 0, bytes, signals);
            target.explain(spec.commandLine().getErr());
            int status = report(report, sink, target.disk().resends());
            return signals.status(status);
        }
    }

    /** How many bytes there are to move; all that is left when no length was given. */
    static long range(TargetDisk target, long skipBytes, long lengthBytes) throws IOException {
        long size = target.disk().sectors() * ByteSize.SECTOR_BYTES;
        long left = size - skipBytes;
        if (left < 0 || lengthBytes > left) {
            throw new IOException(
                    target.address()
                            + " has "
                            + target.disk().sectors()
                            + " sectors ("
                            + ByteSize.text(size)
                            + "), which is less than --skip and --length ask for");
        }
        return lengthBytes < 0 ? left : lengthBytes;
    }

    private int report(CopyReport report, StreamSink sink, long resends) {
        PrintWriter err = spec.commandLine().getErr();
        CopyResult result = new CopyResult(address.toString(), sink.name(), 0, report, resends);
        if (options.json()) {
            err.println(CopyResult.json(result.values()));
        }
        if (sink.readerGone()) {
            return ExitStatus.READER_GONE.code();
        }
        if (!report.complete()) {
            String why = report.failure() == null ? "interrupted" : report.failure();
            err.println("aoe: " + why + "; wrote " + result.moved());
            return ExitStatus.REFUSED.code();
        }
        return ExitStatus.OK.code();
    }
}
