// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.HelpTexts;
import org.vblade4j.cli.common.NetworkOptions;
import org.vblade4j.control.Json;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.text.Printable;
import org.vblade4j.wire.Mac;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands share that ask targets. */
abstract class AoeTool implements Callable<Integer> {
    private static final double MAX_SECONDS = 3600;

    /** So long stations are asked one after the other: any station can pretend to be many. */
    static final long ASKING_NS = TimeUnit.SECONDS.toNanos(30);

    @Spec private CommandSpec spec;

    @Mixin private NetworkOptions network;

    @Option(names = "--json", description = HelpTexts.JSON)
    private boolean json;

    @Override
    public final Integer call() throws IOException {
        checkUsage();
        try (Initiator initiator = network.open()) {
            return run(initiator).code();
        } finally {
            out().flush();
        }
    }

    /** Throws what {@link #usage} makes if the words do not fit together. */
    void checkUsage() {}

    abstract ExitStatus run(Initiator initiator) throws IOException;

    final void tellOfUnasked(int count) {
        if (count > 0) {
            err().println("aoe: " + count + " stations were not asked, the time was over");
        }
    }

    /** Says that the network has more than is shown. */
    final void tellOfLeftOut(Initiator initiator) {
        if (initiator.leftOut() > 0) {
            err().println(
                            "aoe: more targets answer than are kept: "
                                    + initiator.leftOut()
                                    + " answers were left out");
        }
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final NetworkOptions network() {
        return network;
    }

    final boolean json() {
        return json;
    }

    final void printJson(Map<String, Object> row) {
        out().println(Json.render(row));
    }

    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Stations' hardware addresses, see {@link Mac}. */
    final List<Long> macs(List<String> words) {
        return words.stream().map(this::mac).toList();
    }

    private long mac(String word) {
        long mac = Mac.parse(word).orElse(0);
        if (!Mac.isUnicast(mac)) {
            throw usage(
                    "'"
                            + word
                            + "' is no station's address, expected one such as 02:0a:0b:0c:0d:0e");
        }
        return mac;
    }

    /** An option's seconds in nanoseconds. */
    final long nanoseconds(String option, double seconds) {
        if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
            throw usage(option + " " + seconds + ", expected 0 to 3600 s");
        }
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    /** A config string may hold anything; a terminal must not see that. */
    static String printable(String text) {
        return Printable.bytes(text);
    }
}
