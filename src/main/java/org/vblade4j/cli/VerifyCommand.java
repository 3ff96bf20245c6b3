// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.vblade4j.control.StatusTable;
import org.vblade4j.initiator.Discovery;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.DiskVerifier;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.initiator.VerifyReport;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description = {
            "Read every sector of a target and compare it with the pattern that --write left.",
            "With --write, write that pattern first: all data on the target is lost."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final long FIND_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int SECTORS_PER_REQUEST = 64;
    private static final int MAX_DEPTH = 256;

    @Spec private CommandSpec spec;

    @Mixin private InitiatorPort network;

    @Option(
            names = "--write",
            description = "Overwrite every sector of the target; all data on it is lost.")
    private boolean write;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The pattern's number; default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "16",
            description = "Requests in progress at once, 1 to 256; default ${DEFAULT-VALUE}.")
    private int depth;

    @Parameters(paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    @Override
    public Integer call() throws IOException {
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new ParameterException(
                    spec.commandLine(), "--depth " + depth + ", expected 1 to " + MAX_DEPTH);
        }
        try (EthernetPort port = network.open();
                RemoteDisk disk = RemoteDisk.open(port, find(port), DiskSettings.DEFAULTS)) {
            if (disk.sectors() == 0) {
                throw new IOException(address + " has no sectors: nothing to verify");
            }
            Runnable idle = () -> disk.await(-1);
            DiskVerifier verifier =
                    new DiskVerifier(
                            disk, depth, SECTORS_PER_REQUEST, seed, System::nanoTime, idle);
            return report(write ? verifier.run() : verifier.check());
        }
    }

    /** The one target with the address: with two, nobody knows which disk it would be. */
    private FoundTarget find(EthernetPort port) throws IOException {
        List<FoundTarget> found = new Discovery(port, System::nanoTime).find(address, FIND_NS);
        if (found.isEmpty()) {
            throw new IOException(address + " does not answer on " + network.name());
        }
        if (found.size() > 1) {
            throw new IOException(
                    found.size()
                            + " targets answer as "
                            + address
                            + " on "
                            + network.name()
                            + ", such as "
                            + Mac.format(found.get(0).mac())
                            + " and "
                            + Mac.format(found.get(1).mac()));
        }
        return found.get(0);
    }

    private int report(VerifyReport report) {
        if (report.failedRequests() > 0) {
            complain(failures(report));
        } else {
            PrintWriter out = spec.commandLine().getOut();
            String size =
                    report.sectors() + " sectors (" + StatusTable.size(report.sectors()) + ")";
            if (write) {
                out.println(address + ": wrote " + size + rate(report.sectors(), report.writeNs()));
            }
            out.println(address + ": read " + size + rate(report.sectors(), report.readNs()));
            if (report.good()) {
                out.println(address + ": every sector is as written");
                return ExitStatus.OK.code();
            }
            out.flush();
        }
        if (report.badSectors() > 0) {
            complain(report.badSectors() + " sectors differ, the first is " + report.firstBadLba());
        }
        return ExitStatus.REFUSED.code();
    }

    private void complain(String message) {
        spec.commandLine().getErr().println(address + ": " + message);
    }

    private static String failures(VerifyReport report) {
        String why =
                switch (report.firstFailure()) {
                    case UNAVAILABLE -> "does not answer, or serves another station only";
                    case READ_ONLY -> "refuses writes";
                    case NO_SPACE -> "has no room left for a write";
                    case OUT_OF_RANGE -> "has become smaller";
                    case OK, MEDIA_ERROR -> "answered with an error";
                };
        return why + "; " + report.failedRequests() + " requests failed, the check is incomplete";
    }

    private static String rate(long sectors, long timeNs) {
        double seconds = Math.max(timeNs, 1) / 1e9;
        double mebibytes = sectors / 2048.0;
        return String.format(Locale.ROOT, " in %.2f s, %.0f MiB/s", seconds, mebibytes / seconds);
    }
}
