// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.Interruption;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.Inquiry;
import org.vblade4j.initiator.Reply;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ping",
        description = {
            "Ask a target again and again, by every path in turn, and tell how long its answers"
                    + " take. A signal ends it; the summary is printed then too.",
            "Exit status 0 when all was answered, 1 when some answers were lost, 4 without any."
        })
final class PingCommand extends AddressTool {
    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            defaultValue = "0",
            description = "Stop after so many questions on each path; default 0, no limit.")
    private long count;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Between two rounds of questions; default ${DEFAULT-VALUE}.")
    private double intervalSeconds;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "An answer that takes longer is lost; default ${DEFAULT-VALUE}.")
    private double waitSeconds;

    @Option(
            names = "--identify",
            description = "Ask with IDENTIFY, which the disk answers, not with a config query.")
    private boolean identify;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print the summary only.")
    private boolean quiet;

    @Parameters(paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    private volatile boolean stopped;

    @Override
    void checkUsage() {
        super.checkUsage();
        nanoseconds("--wait", waitSeconds);
        if (intervalSeconds != 0) {
            nanoseconds("--interval", intervalSeconds);
        }
        if (count < 0) {
            throw usage("--count " + count + ", expected 0 or more");
        }
    }

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        List<DiskPath> paths = paths(initiator, address);
        Interruption signals = Interruption.stopping(() -> stop(paths));
        List<PingStatistics> all = paths.stream().map(path -> new PingStatistics()).toList();
        List<Inquiry> inquiries =
                paths.stream().map(path -> new Inquiry(path, System::nanoTime)).toList();
        long startNs = System.nanoTime();
        for (long round = 1; !stopped && (count == 0 || round <= count); round++) {
            for (int i = 0; i < paths.size() && !stopped; i++) {
                ask(paths.get(i), inquiries.get(i), all.get(i), round);
            }
            pause(paths.get(0), startNs, round);
        }
        for (int i = 0; i < paths.size(); i++) {
            inquiries.get(i).drain();
            all.get(i).duplicates(inquiries.get(i).duplicates());
            summarize(paths.get(i), all.get(i));
        }
        signals.status(0); // the shell is told what came back, as ping(8) does
        long sent = all.stream().mapToLong(PingStatistics::sent).sum();
        long answered = all.stream().mapToLong(PingStatistics::answered).sum();
        if (answered == 0) {
            return ExitStatus.NO_ANSWER;
        }
        return answered == sent ? ExitStatus.OK : ExitStatus.REFUSED;
    }

    private void stop(List<DiskPath> paths) {
        stopped = true;
        paths.forEach(path -> path.port().wakeUp());
    }

    private void ask(DiskPath path, Inquiry inquiry, PingStatistics statistics, long round)
            throws IOException {
        int command = identify ? Aoe.COMMAND_ATA : Aoe.COMMAND_CONFIG;
        long waitNs = nanoseconds("--wait", waitSeconds);
        Optional<Reply> reply = inquiry.askOnce(command, this::put, waitNs);
        if (reply.isEmpty() && stopped) {
            return; // not lost: nobody waited for it
        }
        statistics.add(reply.map(Reply::roundTripNs));
        if (json() || quiet) {
            return;
        }
        String where = Mac.format(path.target().mac()) + " on " + path.interfaceName();
        out().println(
                        reply.map(
                                        answer ->
                                                answer.frame().limit()
                                                        + " bytes from "
                                                        + where
                                                        + ": seq="
                                                        + round
                                                        + " time="
                                                        + PingStatistics.ms(answer.roundTripNs())
                                                        + " ms")
                                .orElse("no answer from " + where + ": seq=" + round));
        out().flush();
    }

    private int put(ByteBuffer buffer, int offset) {
        if (identify) {
            AtaFrame.putRequest(buffer, offset, 0, AtaFrame.IDENTIFY, 1, 0xa000_0000L);
            return AtaFrame.DATA_OFFSET;
        }
        ConfigFrame.putRequest(buffer, offset, ConfigFrame.READ, 0);
        return ConfigFrame.STRING_OFFSET;
    }

    /** Rounds keep their distance however long their answers take. */
    private void pause(DiskPath path, long startNs, long round) throws IOException {
        long dueNs = (long) (round * intervalSeconds * TimeUnit.SECONDS.toNanos(1));
        boolean last = round == count;
        long restNs = dueNs - (System.nanoTime() - startNs);
        while (!stopped && !last && restNs > 0) {
            path.port().await(restNs);
            path.port().receive((buffer, offset, lengthBytes) -> {}, 64);
            restNs = dueNs - (System.nanoTime() - startNs);
        }
    }

    private void summarize(DiskPath path, PingStatistics statistics) {
        if (json()) {
            Map<String, Object> row = new LinkedHashMap<>(row(path));
            row.putAll(statistics.values());
            printJson(row);
            return;
        }
        String where = Mac.format(path.target().mac()) + " on " + path.interfaceName();
        out().println("--- " + address + " at " + where + " ---");
        statistics.lines().forEach(out()::println);
    }
}
