// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.TargetControl;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "mask",
        description = {
            "List or edit the stations that a target answers to; an empty list admits all.",
            "A target may refuse edits from the network. Whoever edits himself out of the list"
                    + " hears no more from the target."
        })
final class MaskCommand extends AddressTool {
    /** What to do. */
    enum Operation {
        LIST,
        ADD,
        REMOVE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "list|add|remove", description = "What to do.")
    private Operation operation;

    @Parameters(index = "1", paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "MAC",
            description = "Hardware addresses to add or remove.")
    private List<String> macs = new ArrayList<>();

    @Override
    void checkUsage() {
        super.checkUsage();
        macs(macs);
        if (macs.isEmpty() != (operation == Operation.LIST)) {
            throw usage(operation + (macs.isEmpty() ? " needs an address" : " takes no address"));
        }
        if (macs.size() > MaskFrame.MAX_DIRECTIVES) {
            throw usage(macs.size() + " addresses, expected at most 255");
        }
    }

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        List<DiskPath> stations = stations(initiator, address);
        int directive =
                operation == Operation.ADD ? MaskFrame.DIRECTIVE_ADD : MaskFrame.DIRECTIVE_DELETE;
        List<Long> edits = macs(macs);
        for (DiskPath path : stations) {
            List<Long> now = new TargetControl(path, timeoutNs()).mask(edits, directive);
            print(path, lead(path, stations), now);
            if (!now.isEmpty() && !now.contains(path.port().mac())) {
                err().println(
                                address
                                        + " does not answer "
                                        + Mac.format(path.port().mac())
                                        + " on "
                                        + path.interfaceName()
                                        + " any more");
            }
        }
        return ExitStatus.OK;
    }

    private void print(DiskPath path, String lead, List<Long> now) {
        List<String> words = now.stream().map(Mac::format).toList();
        if (json()) {
            Map<String, Object> row = row(path);
            row.put("mask", words);
            printJson(row);
        } else if (now.isEmpty()) {
            out().println(lead + "\topen to every station");
        } else {
            words.forEach(mac -> out().println(lead + "\t" + mac));
        }
    }
}
