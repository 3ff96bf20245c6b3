// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.Interruption;
import org.vblade4j.copy.Comparison;
import org.vblade4j.copy.Copier;
import org.vblade4j.copy.CopyReport;
import org.vblade4j.copy.DiskEnd;
import org.vblade4j.copy.ExpectedFile;
import org.vblade4j.copy.ExpectedPattern;
import org.vblade4j.copy.PatternSource;
import org.vblade4j.copy.Sink;
import org.vblade4j.copy.Source;
import org.vblade4j.initiator.SectorPattern;
import org.vblade4j.wire.AoeAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares what a target holds with what it should. */
@Command(
        name = "verify",
        description = {
            "Read every sector of a target and compare it with the pattern that --write left, or"
                    + " with a file.",
            "With --write, write that pattern first: all data on the target is lost.",
            ByteSize.HELP
        })
public final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private TransferOptions options;

    @Option(
            names = "--write",
            description = "Overwrite every sector of the target; all data on it is lost.")
    private boolean write;

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description =
                    "Compare with a file instead of the pattern; its last sector may be short.")
    private Path file;

    @Option(
            names = "--skip",
            paramLabel = "SIZE",
            description = "Begin so far from the beginning, of the file, too.")
    private ByteSize skip;

    @Option(
            names = "--length",
            paramLabel = "SIZE",
            description = "Verify so much; default: to the end.")
    private ByteSize length;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The pattern's number; default ${DEFAULT-VALUE}.")
    private long seed;

    @Parameters(paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    private final Map<String, Object> values = new LinkedHashMap<>();
    private Interruption signals;
    private volatile Copier running;

    @Override
    public Integer call() throws IOException {
        if (write && file != null) {
            throw new ParameterException(spec.commandLine(), "--write or --compare, not both");
        }
        try (TargetDisk target = TargetDisk.open(options.network(), address, options.disk())) {
            if (target.disk().sectors() == 0) {
                throw new IOException(address + " has no sectors: nothing to verify");
            }
            signals = Interruption.stopping(this::stop);
            int status = file == null ? pattern(target) : compare(target);
            if (options.json()) {
                values.put("target", address.toString());
                values.put("resent_frames", target.disk().resends());
                spec.commandLine().getOut().println(CopyResult.json(values));
            }
            return signals.status(status);
        }
    }

    /** Any thread. */
    private void stop() {
        Copier copier = running;
        if (copier != null) {
            copier.stop();
        }
    }

    private int pattern(TargetDisk target) throws IOException {
        long skipBytes = ByteSize.bytes(skip, 0);
        long bytes = CatCommand.range(target, skipBytes, ByteSize.bytes(length, -1));
        SectorPattern pattern = new SectorPattern(seed);
        long lba = skipBytes / ByteSize.SECTOR_BYTES;
        DiskEnd end = new DiskEnd(address.toString(), target.disk(), lba, false);
        if (write) {
            CopyReport report = run(target, new PatternSource(pattern, lba), end, "wrote", bytes);
            if (!report.complete()) {
                return incomplete(report);
            }
        }
        return check(target, end, new ExpectedPattern(pattern, lba), bytes);
    }

    private int compare(TargetDisk target) throws IOException {
        long skipBytes = ByteSize.bytes(skip, 0);
        try (ExpectedFile expected = new ExpectedFile(file, skipBytes)) {
            long there = CatCommand.range(target, skipBytes, -1);
            long held = (expected.bytes() + ByteSize.SECTOR_BYTES - 1) & -ByteSize.SECTOR_BYTES;
            long bytes = ByteSize.bytes(length, -1);
            if ((bytes < 0 && held != there) || bytes > Math.min(held, there)) {
                complain(
                        String.format(
                                "holds %d bytes from there on, %s %d; --length compares a part",
                                there, file, expected.bytes()));
                values.put("result", "sizes differ");
                return ExitStatus.REFUSED.code();
            }
            long lba = skipBytes / ByteSize.SECTOR_BYTES;
            DiskEnd end = new DiskEnd(address.toString(), target.disk(), lba, false);
            return check(target, end, expected, bytes < 0 ? there : bytes);
        }
    }

    private int check(TargetDisk target, DiskEnd end, Comparison.Expected expected, long bytes) {
        Comparison comparison = new Comparison(expected);
        CopyReport report = run(target, end, comparison, "read", bytes);
        long bad = comparison.badSectors();
        values.put("bad_sectors", bad);
        if (bad > 0) {
            long first = ByteSize.bytes(skip, 0) / ByteSize.SECTOR_BYTES + comparison.firstBad();
            values.put("first_bad_lba", first);
            values.put("result", "differs");
            complain(bad + " sectors differ, the first is " + first);
        }
        if (!report.complete()) {
            return incomplete(report);
        }
        if (bad > 0) {
            return ExitStatus.REFUSED.code();
        }
        values.put("result", "good");
        say("every sector is as " + (file == null ? "written" : "in " + file));
        return ExitStatus.OK.code();
    }

    private CopyReport run(TargetDisk target, Source from, Sink to, String verb, long bytes) {
        Copier copier =
                new Copier(
                        from,
                        to,
                        0,
                        bytes,
                        options.copy(target),
                        System::nanoTime,
                        () -> target.disk().await(CatCommand.WAIT_NS));
        running = copier;
        CopyReport report = options.run(copier, address + " " + verb, 0, bytes, signals);
        target.explain(spec.commandLine().getErr());
        CopyResult result = new CopyResult(from.name(), to.name(), 0, report, 0);
        if (report.complete()) {
            say(verb + " " + result.moved());
        }
        values.put(verb + "_bytes", report.storedBytes());
        values.put(verb + "_seconds", report.timeNs() / 1e9);
        return report;
    }

    private int incomplete(CopyReport report) {
        String why = report.failure() == null ? "interrupted" : report.failure();
        values.put("result", report.failure() == null ? "interrupted" : "failed");
        values.put("reason", why);
        String name = address + " ";
        complain(
                (why.startsWith(name) ? why.substring(name.length()) : why)
                        + "; the check is incomplete");
        return ExitStatus.REFUSED.code();
    }

    private void say(String message) {
        if (!options.json()) {
            spec.commandLine().getOut().println(address + ": " + message);
        }
    }

    private void complain(String message) {
        PrintWriter out = spec.commandLine().getOut();
        out.flush();
        spec.commandLine().getErr().println(address + ": " + message);
    }
}
