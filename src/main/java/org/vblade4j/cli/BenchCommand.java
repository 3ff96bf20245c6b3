// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.vblade4j.bench.LoadGenerator;
import org.vblade4j.bench.LoadPlan;
import org.vblade4j.bench.LoadReport;
import org.vblade4j.bench.LoadText;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.HelpTexts;
import org.vblade4j.cli.common.NetworkOptions;
import org.vblade4j.daemon.Signals;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.NoTargetException;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.wire.Aoe;
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
        name = "bench",
        description = {
            "Measure any AoE target on the wire: requests a second, megabytes a second, latencies.",
            "Keeps one processor busy. Writes need --overwrite: data on the target is lost."
        })
final class BenchCommand implements Callable<Integer> {
    private static final long FIND_NS = TimeUnit.SECONDS.toNanos(2);

    /** What --op asks for. */
    enum Operation {
        READ,
        WRITE,
        MIXED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What --pattern asks for. */
    enum Pattern {
        RANDOM,
        SEQUENTIAL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec private CommandSpec spec;

    @Mixin private NetworkOptions network;

    @Option(
            names = "--op",
            paramLabel = "read|write|mixed",
            defaultValue = "read",
            description = "What to ask for; default ${DEFAULT-VALUE}.")
    private Operation operation;

    @Option(
            names = "--reads",
            paramLabel = "PERCENT",
            defaultValue = "70",
            description = "With --op mixed, how many of the requests read; default 70.")
    private int readPercent;

    @Option(
            names = "--pattern",
            paramLabel = "random|sequential",
            defaultValue = "random",
            description = "Which places; default ${DEFAULT-VALUE}.")
    private Pattern pattern;

    @Option(
            names = "--sectors",
            paramLabel = "N",
            description = "Sectors of 512 bytes in a request; default what a frame carries.")
    private Integer sectors;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "16",
            description = "Requests in progress at once, 1 to 4096; default ${DEFAULT-VALUE}.")
    private int depth;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to measure; default ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long to run before that; default ${DEFAULT-VALUE}.")
    private double warmupSeconds;

    @Option(
            names = "--offset",
            paramLabel = "SECTORS",
            defaultValue = "0",
            description = "First sector to use; default 0.")
    private long offsetSectors;

    @Option(
            names = "--length",
            paramLabel = "SECTORS",
            description = "How many sectors to use; default all that follow.")
    private Long lengthSectors;

    @Option(
            names = "--resend",
            paramLabel = "MS",
            defaultValue = "200",
            description =
                    "Send a request again that is unanswered for so long, in milliseconds;"
                            + " default ${DEFAULT-VALUE}.")
    private int resendMs;

    @Option(
            names = "--verify",
            description = {
                "Compare: what was written is read back at the end; with --op read the target must"
                        + " hold what 'aoe verify --write' left there with the same seed."
            })
    private boolean verify;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the places and of the pattern; default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--overwrite", description = "Allow writes: data on the target is lost.")
    private boolean overwrite;

    @Option(names = "--json", description = HelpTexts.JSON)
    private boolean json;

    @Parameters(paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    private volatile boolean interrupted;

    @Override
    public Integer call() throws IOException {
        if (operation != Operation.READ && !overwrite) {
            throw usage("--op " + operation + " destroys data on " + address + ": add --overwrite");
        }
        requireSeconds("--duration", seconds, seconds > 0);
        requireSeconds("--warmup", warmupSeconds, warmupSeconds >= 0);
        if (resendMs < 1 || resendMs > 60_000) {
            throw usage("--resend " + resendMs + ", expected 1 to 60000 ms");
        }
        try (Initiator initiator = network.open()) {
            DiskPath path = find(initiator);
            EthernetPort port = path.port();
            FoundTarget target = path.target();
            LoadPlan plan = plan(port, target);
            Signals.handle("INT", () -> interrupted = true);
            Signals.handle("TERM", () -> interrupted = true);
            LoadGenerator generator =
                    new LoadGenerator(port, target, plan, System::nanoTime, () -> interrupted);
            return report(plan, path.interfaceName(), generator.run());
        }
    }

    private int report(LoadPlan plan, String interfaceName, LoadReport report) {
        if (json) {
            Map<String, Object> members = LoadText.members(plan, report);
            members.put("target", address.toString());
            members.put("interface", interfaceName);
            spec.commandLine()
                    .getOut()
                    .println(
                            ConfigValueFactory.fromMap(members)
                                    .render(ConfigRenderOptions.concise()));
        } else {
            LoadText.print(plan, report, spec.commandLine().getOut());
        }
        if (interrupted) {
            return 130;
        }
        return (report.good() ? ExitStatus.OK : ExitStatus.REFUSED).code();
    }

    private LoadPlan plan(EthernetPort port, FoundTarget target) throws IOException {
        int most = Math.min(target.maxSectors(), Aoe.sectorsPerFrame(port.mtuBytes()));
        int count = sectors == null ? most : sectors;
        if (count < 1 || count > most) {
            throw usage("--sectors " + count + ", expected 1 to " + most + " for " + address);
        }
        if (offsetSectors < 0) {
            throw usage("--offset " + offsetSectors + ", expected 0 or more");
        }
        long available = size(port, target) - offsetSectors;
        long used = lengthSectors == null ? available : lengthSectors;
        if (used < count || used > available) {
            throw usage(
                    "the range of " + used + " sectors, expected " + count + " to " + available);
        }
        try {
            return new LoadPlan(
                    reads(),
                    pattern == Pattern.SEQUENTIAL,
                    count,
                    depth,
                    offsetSectors,
                    used / count,
                    (long) (warmupSeconds * 1e9),
                    (long) (seconds * 1e9),
                    TimeUnit.MILLISECONDS.toNanos(resendMs),
                    verify,
                    seed);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private int reads() {
        if (readPercent < 1 || readPercent > 99) {
            throw usage("--reads " + readPercent + ", expected 1 to 99");
        }
        return switch (operation) {
            case READ -> 100;
            case WRITE -> 0;
            case MIXED -> readPercent;
        };
    }

    private static long size(EthernetPort port, FoundTarget target) throws IOException {
        try (RemoteDisk disk = RemoteDisk.open(port, target, DiskSettings.DEFAULTS)) {
            return disk.sectors();
        }
    }

    /** The first path; with two stations of one address nobody knows which is measured. */
    private DiskPath find(Initiator initiator) throws IOException {
        List<DiskPath> paths = initiator.find(address, FIND_NS);
        if (paths.isEmpty()) {
            throw new NoTargetException(address + " does not answer on " + initiator.names());
        }
        DiskPath first = paths.get(0);
        for (DiskPath path : paths) {
            if (path.target().mac() != first.target().mac()) {
                throw new IOException(
                        "several stations answer as "
                                + address
                                + ", such as "
                                + Mac.format(first.target().mac())
                                + " on "
                                + first.interfaceName()
                                + " and "
                                + Mac.format(path.target().mac())
                                + " on "
                                + path.interfaceName());
            }
        }
        return first;
    }

    private void requireSeconds(String option, double value, boolean sensible) {
        if (!sensible || !(value <= 86_400)) {
            throw usage(option + " " + value + ", expected at most 86400 s");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
