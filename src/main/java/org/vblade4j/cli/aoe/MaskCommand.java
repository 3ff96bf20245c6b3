// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.AoeErrorException;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.TargetControl;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "mask",
        description = {
            "List or edit the stations that a target answers to; an empty list admits all.",
            "A target may refuse edits from the network. Whoever edits himself out of the list"
                    + " hears no more from the target.",
            "The C program vblade, up to version 25 at least, ends when an address is removed, and"
                    + " confuses a list of more than two: it gets such edits only with --force. Start"
                    + " it anew with its option -m."
        })
final class MaskCommand extends AddressTool {
    private static final int VBLADE_KEEPS = 2;

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

    @Option(
            names = "--force",
            description = "Send a vblade edits that end it or spoil its list, too.")
    private boolean force;

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
        Map<DiskPath, List<Long>> each = new LinkedHashMap<>();
        for (DiskPath path : stations) {
            each.put(path, bearable(path, edits));
        }
        for (DiskPath path : stations) {
            List<Long> now = mask(path, each.get(path), directive);
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

    /** A target that lets nobody edit has no error of its own for that. */
    private List<Long> mask(DiskPath path, List<Long> edits, int directive) throws IOException {
        try {
            return new TargetControl(path, timeoutNs()).mask(edits, directive);
        } catch (AoeErrorException e) {
            if (edits.isEmpty() || e.code() != AoeError.BAD_ARGUMENT.code()) {
                throw e;
            }
            throw new IOException(address + " refuses edits of its mask list", e);
        }
    }

    /**
     * What a station can be asked for. vblade 25 takes the length of its list in addresses for one
     * in bytes: it removes the first entry by moving a negative number of bytes, looks for an entry
     * in the first place only, and has a third overwrite the second.
     */
    private List<Long> bearable(DiskPath path, List<Long> edits) throws IOException {
        if (force || !path.target().isVblade() || operation == Operation.LIST) {
            return edits;
        }
        String who = address + " is a vblade, which ";
        String instead = ": start it anew with -m, or add --force";
        if (operation == Operation.REMOVE) {
            throw new IOException(who + "ends when an address is removed" + instead);
        }
        Set<Long> fresh = new LinkedHashSet<>(edits);
        List<Long> there = new TargetControl(path, timeoutNs()).mask(List.of(), 0);
        there.forEach(fresh::remove);
        if (there.size() + fresh.size() > VBLADE_KEEPS) {
            throw new IOException(who + "confuses more than two addresses" + instead);
        }
        return List.copyOf(fresh);
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
