// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.AoeErrorException;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.NoTargetException;
import org.vblade4j.initiator.TargetControl;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.ConfigFrame;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "config",
        description = {
            "Read, test or change the config string of a target; prints the string it has then.",
            "read prints it, of every target without an address. test and prefix succeed if the"
                    + " target's string is the one given, or begins with it; exit status 1 if not.",
            "set stores a string where there is none; force-set replaces what is there, and with"
                    + " an empty string clears it."
        })
final class ConfigCommand extends AddressTool {
    /** What to do. */
    enum Operation {
        READ(ConfigFrame.READ),
        TEST(ConfigFrame.TEST),
        PREFIX(ConfigFrame.PREFIX),
        SET(ConfigFrame.SET),
        FORCE_SET(ConfigFrame.FORCE_SET);

        private final int code;

        Operation(int code) {
            this.code = code;
        }

        boolean asks() {
            return this == TEST || this == PREFIX;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "read|test|prefix|set|force-set",
            description = "What to do.")
    private Operation operation;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "eSHELF.SLOT",
            description = "The target.")
    private AoeAddress address;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "STRING",
            description = "At most 1024 bytes, in the locale's encoding UTF-8.")
    private String string;

    @Override
    void checkUsage() {
        super.checkUsage();
        if (address == null && operation != Operation.READ) {
            throw usage(operation + " needs the address of a target");
        }
        if ((string == null) != (operation == Operation.READ)) {
            throw usage(operation + (string == null ? " needs a string" : " takes no string"));
        }
        if (bytes().length() > ConfigFrame.MAX_STRING_BYTES) {
            throw usage("the string has " + bytes().length() + " bytes, expected at most 1024");
        }
    }

    /** The protocol's string is bytes. */
    private String bytes() {
        String given = string == null ? "" : string;
        return new String(given.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        if (address == null) {
            for (DiskPath path : initiator.discover(timeoutNs())) {
                print(path, path.target().address() + "\t", path.target().configString(), true);
            }
            tellOfLeftOut(initiator);
            return ExitStatus.OK;
        }
        List<DiskPath> stations = stations(initiator, address);
        ExitStatus status = ExitStatus.OK;
        for (DiskPath path : stations) {
            Optional<String> now = ask(path);
            if (now.isEmpty() && !operation.asks()) {
                throw new NoTargetException(address + " does not answer");
            }
            status = now.isEmpty() ? ExitStatus.REFUSED : status;
            String lead = stations.size() > 1 ? lead(path, stations) + "\t" : "";
            print(path, lead, now.orElse(path.target().configString()), now.isPresent());
        }
        return status;
    }

    private Optional<String> ask(DiskPath path) throws IOException {
        TargetControl control = new TargetControl(path, timeoutNs());
        try {
            return control.config(operation.code, bytes());
        } catch (AoeErrorException e) {
            if (e.code() != AoeError.CONFIG_STRING_PRESENT.code()) {
                throw e;
            }
            String there = control.config(ConfigFrame.READ, "").orElse("");
            throw new IOException(
                    address + " has the config string \"" + printable(there) + "\" already", e);
        }
    }

    private void print(DiskPath path, String lead, String now, boolean matches) {
        if (json()) {
            Map<String, Object> row = row(path);
            row.put("operation", operation.toString());
            if (operation.asks()) {
                row.put("matches", matches);
            }
            row.put("config", now);
            printJson(row);
        } else if (matches) {
            out().println(lead + printable(now));
        }
    }
}
