// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.AoeErrorException;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.TargetControl;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.ReserveFrame;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "reserve",
        description = {
            "Show or change who holds a target; while it is held, others cannot read or write.",
            "set takes a target that is free or held by this station; force takes it from whoever"
                    + " holds it; release frees it."
        })
final class ReserveCommand extends AddressTool {
    /** What to do. */
    enum Operation {
        SHOW,
        SET,
        FORCE,
        RELEASE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "show|set|force|release", description = "What to do.")
    private Operation operation;

    @Parameters(index = "1", paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "MAC",
            description =
                    "Who is to hold it; default: this station, by every interface that leads"
                            + " there.")
    private List<String> macs = new ArrayList<>();

    @Option(names = "--force", description = "With release: also what others hold.")
    private boolean force;

    @Override
    void checkUsage() {
        super.checkUsage();
        macs(macs);
        boolean takes = operation == Operation.SET || operation == Operation.FORCE;
        if (!takes && !macs.isEmpty()) {
            throw usage(operation + " takes no address");
        }
        if (force && operation != Operation.RELEASE) {
            throw usage("--force goes with release; to take a target by force: reserve force");
        }
        if (macs.size() > ReserveFrame.MAX_MACS) {
            throw usage(macs.size() + " addresses, expected at most 255");
        }
    }

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        List<DiskPath> paths = paths(initiator, address);
        List<DiskPath> stations = stations(initiator, address);
        for (DiskPath path : stations) {
            print(path, lead(path, stations), ask(path, holders(paths)));
        }
        return ExitStatus.OK;
    }

    private List<Long> holders(List<DiskPath> paths) {
        return macs.isEmpty()
                ? paths.stream().map(path -> path.port().mac()).distinct().toList()
                : macs(macs);
    }

    private List<Long> ask(DiskPath path, List<Long> holders) throws IOException {
        TargetControl control = new TargetControl(path, timeoutNs());
        try {
            return switch (operation) {
                case SHOW -> control.reservation();
                case SET -> control.reserve(ReserveFrame.SET, holders);
                case FORCE -> control.reserve(ReserveFrame.FORCE_SET, holders);
                case RELEASE ->
                        control.reserve(
                                force ? ReserveFrame.FORCE_SET : ReserveFrame.SET, List.of());
            };
        } catch (AoeErrorException e) {
            if (e.code() != AoeError.TARGET_RESERVED.code()) {
                throw e;
            }
            String who =
                    control.reservation().stream()
                            .map(Mac::format)
                            .collect(Collectors.joining(", "));
            throw new IOException(address + " is held by " + who, e);
        }
    }

    private void print(DiskPath path, String lead, List<Long> now) {
        List<String> words = now.stream().map(Mac::format).toList();
        if (json()) {
            Map<String, Object> row = row(path);
            row.put("holders", words);
            printJson(row);
        } else if (now.isEmpty()) {
            out().println(lead + "\tfree");
        } else {
            words.forEach(mac -> out().println(lead + "\t" + mac));
        }
    }
}
