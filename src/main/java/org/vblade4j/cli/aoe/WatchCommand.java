// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.HelpTexts;
import org.vblade4j.daemon.Signals;
import org.vblade4j.net.pcap.Capture;
import org.vblade4j.net.pcap.Capture.Sink;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "watch",
        description = {
            "Print AoE frames as they pass, a line each, with the time each answer took.",
            "Hears what the interface hears, whoever it is for; sends nothing. Needs libpcap."
        })
final class WatchCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Source source;

    /** Where frames come from. */
    private static final class Source {
        @Option(
                names = {"-i", "--interface"},
                paramLabel = "INTERFACE",
                description = "The network interface.")
        private String interfaceName;

        @Option(
                names = "--read",
                paramLabel = "FILE",
                description = "A capture file, pcap or pcapng, instead of an interface.")
        private Path file;

        Capture open() throws IOException {
            return file == null ? Capture.live(interfaceName) : Capture.file(file);
        }
    }

    @Option(
            names = "--write",
            paramLabel = "FILE",
            description = "Also write the frames to a pcap file, which is made anew.")
    private Path copy;

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "Stop after so many frames.")
    private Long count;

    @Option(names = "--quiet", description = "Print the summary only.")
    private boolean quiet;

    @Option(names = "--json", description = HelpTexts.JSON)
    private boolean json;

    @Parameters(
            arity = "0..1",
            paramLabel = "eSHELF.SLOT",
            description = "Only frames of this target, and those to all targets.")
    private AoeAddress address;

    private volatile boolean interrupted;
    private long shown;

    @Override
    public Integer call() throws IOException {
        if (count != null && count < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--count " + count + ", expected 1 or more");
        }
        Signals.handle("INT", () -> interrupted = true);
        Signals.handle("TERM", () -> interrupted = true);
        WatchedTraffic traffic = new WatchedTraffic(ZoneId.systemDefault());
        long drops;
        try (Capture capture = source.open()) {
            if (copy != null) {
                capture.copyTo(copy);
            }
            print(capture, traffic);
            drops = capture.drops();
        }
        PrintWriter err = spec.commandLine().getErr();
        err.println(traffic.summary() + (drops > 0 ? "; " + drops + " frames were missed" : ""));
        return interrupted && source.file != null ? 130 : ExitStatus.OK.code();
    }

    private void print(Capture capture, WatchedTraffic traffic) throws IOException {
        Sink sink = (frame, lengthBytes, timeUs) -> show(frame, lengthBytes, timeUs, traffic);
        while ((count == null || shown < count) && !interrupted) {
            if (!capture.next(sink)) {
                if (source.file != null) {
                    return;
                }
                spec.commandLine().getOut().flush();
            }
        }
    }

    private void show(ByteBuffer frame, int lengthBytes, long timeUs, WatchedTraffic traffic) {
        if (!concerns(frame)) {
            return;
        }
        shown++;
        String line =
                json
                        ? ConfigValueFactory.fromMap(traffic.members(frame, lengthBytes, timeUs))
                                .render(ConfigRenderOptions.concise())
                        : traffic.line(frame, lengthBytes, timeUs);
        if (!quiet) {
            spec.commandLine().getOut().println(line);
        }
    }

    private boolean concerns(ByteBuffer frame) {
        return address == null
                || (frame.limit() >= AoeFrame.HEADER_BYTES
                        && address.accepts(AoeFrame.major(frame, 0), AoeFrame.minor(frame, 0)));
    }
}
