// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.Interruption;
import org.vblade4j.copy.Copier;
import org.vblade4j.copy.CopyReport;
import org.vblade4j.copy.CopySettings;
import org.vblade4j.copy.Sink;
import org.vblade4j.copy.StreamSink;
import org.vblade4j.initiator.RemoteDisk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies between targets, files and streams. */
@Command(
        name = "dd",
        description = {
            "Copy a target to a file, a file to a target, or a target to another, all or a part."
                    + " What is copied is made durable before success is reported.",
            ByteSize.HELP
        })
public final class DdCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private TransferOptions options;

    @Mixin private DdOptions how;

    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            description =
                    "A target eSHELF.SLOT, a file or block device (./e1.0 for a file of that name),"
                            + " or - for standard input.")
    private DdPlace source;

    @Parameters(
            index = "1",
            paramLabel = "DESTINATION",
            description = "The same, - being standard output.")
    private DdPlace destination;

    @Override
    public Integer call() throws IOException {
        checkUsage();
        try (DdSource from = DdSource.open(source, how.skipBytes(), options);
                DdDestination to = DdDestination.open(destination, how, options)) {
            CopyRecord record = record(from, to);
            long startBytes = Math.max(0, how.resumeAtBytes());
            if (record != null) {
                startBytes = record.load();
            }
            long bytes = length(from, startBytes);
            CopySettings settings = options.copy(to.target() == null ? from.target() : to.target());
            Sink sink = to.prepare(startBytes, bytes, settings);
            Copier copier =
                    new Copier(
                            from.source(),
                            sink,
                            startBytes,
                            bytes,
                            settings,
                            System::nanoTime,
                            idle(from.target(), to.target()));
            if (record != null) {
                copier.keep(record::save);
            }
            Interruption signals = Interruption.stopping(copier::stop);
            CopyReport report =
                    options.run(copier, source + " -> " + destination, startBytes, bytes, signals);
            explain(from.target());
            explain(to.target());
            long resends = resends(from.target()) + resends(to.target());
            CopyResult result =
                    new CopyResult(source.word(), destination.word(), startBytes, report, resends);
            return signals.status(finish(result, record, sink, bytes));
        }
    }

    private void checkUsage() {
        if (source.address().isEmpty() && destination.address().isEmpty()) {
            throw usage("neither " + source + " nor " + destination + " is a target, see aoe(8)");
        }
        if (source.address().isPresent() && source.address().equals(destination.address())) {
            throw usage("source and destination are the same target");
        }
        if (how.state() != null && how.resumeAtBytes() >= 0) {
            throw usage("--state knows where to go on; leave out --resume-at");
        }
        if (how.state() != null && destination.stream()) {
            throw usage("--state cannot know what becomes of standard output");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private CopyRecord record(DdSource from, DdDestination to) {
        return how.state() == null
                ? null
                : new CopyRecord(
                        how.state(),
                        how.identity(source, destination, from.identity(), to.identity()));
    }

    /** The whole copy's, or -1: a stream of unknown length. */
    private long length(DdSource from, long startBytes) throws IOException {
        long there = from.source().bytes();
        long wanted = how.lengthBytes();
        if (there >= 0 && (wanted > there || startBytes > there || there == 0)) {
            long asked = Math.max(wanted, startBytes);
            throw new IOException(
                    source
                            + " has "
                            + there
                            + " bytes from there on, "
                            + (there == 0 ? "nothing to copy" : "expected " + asked));
        }
        return wanted < 0 ? there : wanted;
    }

    private static Runnable idle(TargetDisk from, TargetDisk to) {
        if (from != null && to != null) {
            RemoteDisk disk = from.disk();
            return () -> disk.await(DdDestination.shortWaitNs());
        }
        RemoteDisk disk = from == null ? to.disk() : from.disk();
        return () -> disk.await(CatCommand.WAIT_NS);
    }

    private void explain(TargetDisk target) {
        if (target != null) {
            target.explain(spec.commandLine().getErr());
        }
    }

    private static long resends(TargetDisk target) {
        return target == null ? 0 : target.disk().resends();
    }

    private int finish(CopyResult result, CopyRecord record, Sink sink, long bytes)
            throws IOException {
        CopyReport report = result.report();
        PrintWriter err = spec.commandLine().getErr();
        if (options.json()) {
            PrintWriter out = destination.stream() ? err : spec.commandLine().getOut();
            out.println(CopyResult.json(result.values()));
            out.flush();
        }
        if (sink instanceof StreamSink stream && stream.readerGone()) {
            return ExitStatus.READER_GONE.code();
        }
        if (report.complete()) {
            if (record != null) {
                record.remove();
            }
            if (!options.json()) {
                err.println(result.line());
            }
            return ExitStatus.OK.code();
        }
        String why = report.failure() == null ? "interrupted" : report.failure();
        err.println("aoe: " + why);
        err.println("aoe: " + whereItStands(report, bytes));
        return ExitStatus.REFUSED.code();
    }

    private String whereItStands(CopyReport report, long bytes) {
        String of = bytes < 0 ? "" : " of " + bytes;
        String durable = "the first " + report.durableBytes() + of + " bytes are durable in ";
        long at = report.durableBytes() / ByteSize.SECTOR_BYTES;
        String next =
                how.state() != null
                        ? "the same command goes on from there"
                        : "the same command with --resume-at " + at + " goes on from there";
        return destination.stream()
                ? report.storedBytes() + " bytes were written"
                : durable + destination + "; " + next;
    }
}
