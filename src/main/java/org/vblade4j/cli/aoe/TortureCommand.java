// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.HelpTexts;
import org.vblade4j.cli.common.Interruption;
import org.vblade4j.cli.common.NetworkOptions;
import org.vblade4j.control.Json;
import org.vblade4j.export.Ports;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.NoTargetException;
import org.vblade4j.initiator.RemoteIdentity;
import org.vblade4j.initiator.TargetControl;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.sys.Processor;
import org.vblade4j.torture.Pattern;
import org.vblade4j.torture.Stations;
import org.vblade4j.torture.Torture;
import org.vblade4j.torture.TorturePlan;
import org.vblade4j.torture.TortureReport;
import org.vblade4j.torture.TortureText;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "torture",
        description = {
            "Play several hosts that read and write the same sectors of a target, with resends,"
                    + " duplicates, delayed frames and bursts, and check of every sector read that"
                    + " a disk may have returned it: nothing that nobody wrote there, nothing older"
                    + " than what was certainly written before, no mixture of two writes.",
            "Data in the range is lost: --overwrite is needed. Nobody else may write there"
                    + " meanwhile. Exit status 5 when a sector is wrong; then the smallest history"
                    + " that shows it is printed.",
            "The hosts but the first send from made-up hardware addresses: the first octet of the"
                    + " interface's own is another one. A target or a switch that admits known"
                    + " stations only answers with --hosts 1."
        })
final class TortureCommand implements Callable<Integer> {
    private static final long FIND_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int RECEIVE_FRAMES = 4096;
    private static final int SLOTS = 1024;
    private static final int DEFAULT_SECTORS = 4096;
    private static final double MAX_SECONDS = 30 * 86_400;

    @Spec private CommandSpec spec;

    @Mixin private NetworkOptions network;

    @Option(
            names = "--overwrite",
            description =
                    "Allow the writes: data in the range is lost. Without it nothing is done.")
    private boolean overwrite;

    @Option(
            names = "--hosts",
            paramLabel = "N",
            defaultValue = "3",
            description = "Hosts to play, 1 to 32; default ${DEFAULT-VALUE}.")
    private int hosts;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "How long, without writing the range before and reading it after; default"
                            + " ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--offset",
            paramLabel = "SECTORS",
            defaultValue = "0",
            description = "First sector of the range to use; default 0.")
    private long offsetSectors;

    @Option(
            names = "--length",
            paramLabel = "SECTORS",
            description =
                    "Sectors in the range, 64 to 16384; default 4096, or all that follow when"
                            + " these are fewer. The fewer, the more requests meet.")
    private Integer lengthSectors;

    @Option(
            names = "--burst",
            paramLabel = "FRAMES",
            defaultValue = "2000",
            description =
                    "The most frames to send without waiting for answers, 16 to 65536; default"
                            + " ${DEFAULT-VALUE}. More than a target's buffers, or its receive ring"
                            + " hold, are lost on purpose.")
    private int burst;

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            split = ",",
            description =
                    "What the hosts do, one or more of: ${COMPLETION-CANDIDATES}; default all of"
                            + " them in turn.")
    private Set<Pattern> patterns = EnumSet.noneOf(Pattern.class);

    @Option(
            names = "--in-order",
            description = {
                "The network keeps frames in order, as a cable or a veth does, and the target"
                        + " carries out requests for a sector in the order in which they arrive, as"
                        + " vblade and vblade4j do. More is found then: also what was done in"
                        + " another order."
            })
    private boolean inOrder;

    @Option(
            names = "--keep-going",
            description = "Go on to the end after a wrong sector, and print all, each once.")
    private boolean keepGoing;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of what the hosts do; default a random one. It is printed. When answers come"
                            + " decides, too: the same seed does not make the same run.")
    private Long seed;

    @Option(names = "--json", description = HelpTexts.JSON)
    private boolean json;

    @Parameters(paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    private volatile boolean interrupted;

    @Override
    public Integer call() throws IOException {
        checkUsage();
        DiskPath path;
        long available;
        try (Initiator initiator = network.open()) {
            path = find(initiator);
            available = size(path);
        }
        long number = seed == null ? ThreadLocalRandom.current().nextInt(1 << 30) : seed;
        PortOptions options =
                PortOptions.forInitiator(path.interfaceName(), RECEIVE_FRAMES, SLOTS)
                        .withStations(Stations.besides(path.port().mac(), hosts));
        try (EthernetPort port = new Ports().of(network.kind()).open(options, new Counters())) {
            TorturePlan plan = plan(path, port, available, number);
            begin(plan, path);
            if (inOrder) {
                Processor.stay();
            }
            Interruption signals = Interruption.stopping(() -> interrupted = true);
            Torture torture =
                    new Torture(port, path.target(), plan, System::nanoTime, () -> interrupted);
            return report(plan, path, torture.run(), signals);
        }
    }

    private void checkUsage() {
        if (!overwrite) {
            throw usage("torture destroys data on " + address + ": add --overwrite");
        }
        require("--hosts", hosts, 1, Stations.MAX_HOSTS);
        if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
            throw usage("--seconds " + seconds + ", expected more than 0 and at most 30 days");
        }
        require("--burst", burst, TorturePlan.MIN_BURST, TorturePlan.MAX_BURST);
        require("--offset", offsetSectors, 0, Long.MAX_VALUE);
        if (lengthSectors != null) {
            require("--length", lengthSectors, TorturePlan.MIN_SECTORS, TorturePlan.MAX_SECTORS);
        }
    }

    private void require(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw usage(option + " " + value + ", expected " + least + " to " + most);
        }
    }

    private TorturePlan plan(DiskPath path, EthernetPort port, long available, long number) {
        long rest = available - offsetSectors;
        long length = lengthSectors == null ? Math.min(rest, DEFAULT_SECTORS) : lengthSectors;
        if (length < TorturePlan.MIN_SECTORS || length > rest) {
            throw usage(
                    "a range of "
                            + length
                            + " sectors at "
                            + offsetSectors
                            + " of "
                            + address
                            + ", which has "
                            + available
                            + "; expected "
                            + TorturePlan.MIN_SECTORS
                            + " or more within it");
        }
        int frame = Aoe.sectorsPerFrame(port.mtuBytes());
        return new TorturePlan(
                Stations.all(port.mac(), hosts),
                offsetSectors,
                (int) length,
                Math.min(path.target().maxSectors(), frame),
                burst,
                patterns.isEmpty() ? EnumSet.allOf(Pattern.class) : patterns,
                inOrder,
                keepGoing,
                (long) (seconds * 1e9),
                number);
    }

    /** The seed is known also when this does not come to its end. */
    private void begin(TorturePlan plan, DiskPath path) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
                "%s on %s: sectors %d to %d, %d hosts, seed %d%n",
                address,
                path.interfaceName(),
                plan.firstLba(),
                plan.firstLba() + plan.sectors() - 1,
                plan.stations().size(),
                plan.seed());
        err.flush();
    }

    private int report(
            TorturePlan plan, DiskPath path, TortureReport report, Interruption signals) {
        if (json) {
            Map<String, Object> members = TortureText.members(plan, report);
            members.put("target", address.toString());
            members.put("interface", path.interfaceName());
            spec.commandLine().getOut().println(Json.render(members));
        } else {
            TortureText.print(address.toString(), plan, report, spec.commandLine().getOut());
        }
        spec.commandLine().getOut().flush();
        int status = signals.status(ExitStatus.OK.code());
        return report.good() ? status : ExitStatus.WRONG_DATA.code();
    }

    private static long size(DiskPath path) throws IOException {
        RemoteIdentity identity = RemoteIdentity.read(new TargetControl(path).identify());
        if (!identity.extended()) {
            throw new IOException(path.target().address() + " knows no 48-bit addresses");
        }
        return identity.sectors();
    }

    private DiskPath find(Initiator initiator) throws IOException {
        List<DiskPath> paths = initiator.find(address, FIND_NS);
        if (paths.isEmpty()) {
            throw new NoTargetException(address + " does not answer on " + initiator.names());
        }
        if (paths.size() > 1) {
            throw new IOException(
                    address + " is reached by " + paths.size() + " paths; choose one with -i");
        }
        return paths.get(0);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
