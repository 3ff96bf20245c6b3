// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.AtaRegisters;
import org.vblade4j.initiator.AtaResult;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.TargetControl;
import org.vblade4j.wire.AoeAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "smart",
        description = {
            "Ask a target's disk about its health (SMART), where the target passes that on.",
            "status tells whether the disk expects to fail, exit status 1 if so; data prints its"
                    + " attributes; test and log take a number; enable and disable switch SMART.",
            "A target without SMART, as every vblade is, gets a message and exit status 1."
        })
final class SmartCommand extends AddressTool {
    private static final int SMART = 0xb0;
    private static final long SIGNATURE = 0xc24f00;
    private static final long SIGNATURE_MASK = 0xffff00;
    private static final long FAILING = 0x2cf400;
    private static final int DATA_BYTES = 512;

    /** What to do, with its feature register (ATA8-ACS §7.53). */
    enum Operation {
        STATUS(0xda, false),
        DATA(0xd0, false),
        TEST(0xd4, true),
        LOG(0xd5, true),
        ENABLE(0xd8, false),
        DISABLE(0xd9, false);

        private final int feature;
        private final boolean numbered;

        Operation(int feature, boolean numbered) {
            this.feature = feature;
            this.numbered = numbered;
        }

        boolean brings() {
            return this == DATA || this == LOG;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "status|data|test|log|enable|disable",
            description = "What to do.")
    private Operation operation;

    @Parameters(index = "1", paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "N",
            description = "The test's number (1 short, 2 long) or the log's address, 0 to 255.")
    private Integer number;

    @Override
    void checkUsage() {
        super.checkUsage();
        if (operation.numbered != (number != null)) {
            throw usage(operation + (number == null ? " needs a number" : " takes no number"));
        }
        if (number != null && (number < 0 || number > 0xff)) {
            throw usage(operation + " " + number + ", expected 0 to 255");
        }
    }

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        List<DiskPath> stations = stations(initiator, address);
        ExitStatus status = ExitStatus.OK;
        for (DiskPath path : stations) {
            TargetControl control = new TargetControl(path, timeoutNs());
            if (!new IdentifyFields(control.identify()).smartSupported()) {
                throw new IOException(address + " does not support SMART");
            }
            long lba = 0xa000_0000L | SIGNATURE | (number == null ? 0 : number);
            int sectors = operation.brings() ? 1 : 0;
            AtaResult result =
                    control.ata(new AtaRegisters(SMART, operation.feature, sectors, lba));
            if (result.failed()) {
                throw new IOException(address + " aborted SMART " + operation + ", " + result);
            }
            if (operation.brings() && result.data().length < DATA_BYTES) {
                throw new IOException(address + " sent only " + result.data().length + " bytes");
            }
            boolean failing = (result.lba() & SIGNATURE_MASK) == FAILING;
            print(path, lead(path, stations), result, failing);
            status = operation == Operation.STATUS && failing ? ExitStatus.REFUSED : status;
        }
        return status;
    }

    private void print(DiskPath path, String lead, AtaResult result, boolean failing) {
        if (json()) {
            Map<String, Object> row = row(path);
            row.put("operation", operation.toString());
            switch (operation) {
                case STATUS -> row.put("health", failing ? "failing" : "good");
                case DATA -> row.put("attributes", SmartAttribute.values(result.data()));
                case LOG -> row.put("log", HexFormat.of().formatHex(result.data(), 0, DATA_BYTES));
                default -> {}
            }
            printJson(row);
            return;
        }
        switch (operation) {
            case STATUS -> out().println(lead + "\t" + (failing ? "failing" : "good"));
            case DATA -> {
                out().println(lead);
                out().println(SmartAttribute.HEAD);
                SmartAttribute.read(result.data()).forEach(row -> out().println(row.line()));
            }
            case LOG -> {
                HexFormat hex = HexFormat.ofDelimiter(" ");
                for (int at = 0; at < DATA_BYTES; at += 16) {
                    out().println(hex.formatHex(result.data(), at, at + 16));
                }
            }
            default -> {} // no news is good news
        }
    }
}
