// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Mac;

/**
 * A history checker for the wire. Plays several hosts that write and read a range of sectors of one
 * target, and decides for each sector read whether a disk may have returned it: {@link
 * RangeHistory} says what is assumed, {@link SectorHistory} what follows from it.
 *
 * <p>First every sector of the range is written, so that all that can be read is known; in the end
 * every sector is read. Nobody else may write there meanwhile, nor have written so shortly before
 * that a write is still on its way. Every sector carries the number of its operation and its own
 * number in all of its bytes.
 *
 * <p>One thread, which owns the port meanwhile. All moments are nanoseconds since the start, taken
 * before a frame is handed to the port and after an answer was taken from it.
 */
public final class Torture {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(8);
    private static final long MAX_QUIET_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MAX_WINDOW = 64;

    private final FoundTarget target;
    private final TorturePlan plan;
    private final BooleanSupplier cancelled;
    private final Moments moments;
    private final RangeHistory history;
    private final Hosts hosts;
    private final Traffic traffic;
    private final int window;
    private long quietNs = QUIET_NS;

    /**
     * @param port receives for all stations of the plan
     * @param clockNs monotonic, in nanoseconds; also makes the number that tells runs apart
     * @param cancelled asked now and then; true ends the run early
     */
    public Torture(
            EthernetPort port,
            FoundTarget target,
            TorturePlan plan,
            LongSupplier clockNs,
            BooleanSupplier cancelled) {
        this.target = target;
        this.plan = plan;
        this.cancelled = cancelled;
        long run = 1 + ((clockNs.getAsLong() >>> 12) + plan.seed() * 31 & 0x3fff_ffff);
        moments = new Moments(clockNs);
        history = new RangeHistory(plan, run);
        hosts = new Hosts(port, target, plan, moments, history, run);
        traffic = new Traffic(plan, hosts, target.bufferCount());
        window = Math.max(1, Math.min(MAX_WINDOW, target.bufferCount() / 2));
    }

    /**
     * Blocks until all is done; once only.
     *
     * @throws IOException the target does not let its sectors be written, or does not answer one of
     *     the hosts; or the port has failed
     */
    public TortureReport run() throws IOException {
        if (!each(true)) {
            throw new IOException(target.address() + " " + refusal());
        }
        long startNs = moments.nowNs();
        while (moments.nowNs() - startNs < plan.durationNs() && !finished()) {
            traffic.round();
            settle(traffic.patience());
        }
        traffic.releaseAll();
        settle(0);
        long elapsedNs = moments.nowNs() - startNs;
        return report(elapsedNs, !finished() && each(false));
    }

    private boolean finished() {
        return cancelled.getAsBoolean() || (!plan.keepGoing() && !history.findings().isEmpty());
    }

    /**
     * Until so many operations at most are neither answered nor given up, or no answer has come for
     * a while: what does not fit into a target's buffers is lost. While a target is silent that
     * while becomes longer, so as not to flood it.
     */
    private void settle(int open) throws PortException {
        long answersBefore = hosts.answers();
        long lastNs = moments.nowNs();
        long answers = answersBefore;
        do {
            hosts.turn();
            if (hosts.answers() > answers) {
                answers = hosts.answers();
                lastNs = moments.nowNs();
            }
        } while (hosts.open() > open
                && moments.nowNs() - lastNs < quietNs
                && !cancelled.getAsBoolean());
        quietNs = hosts.answers() > answersBefore ? QUIET_NS : Math.min(2 * quietNs, MAX_QUIET_NS);
    }

    /**
     * Writes or reads every sector of the range, by all hosts in turn, and insists.
     *
     * @return false when an operation failed, or no answer came for a long time
     */
    private boolean each(boolean write) throws PortException {
        long errors = hosts.errors();
        long lastNs = moments.nowNs();
        int turn = 0;
        int at = 0;
        while (at < plan.sectors() || hosts.open() > 0) {
            while (at < plan.sectors() && hosts.open() < window) {
                int sectors = Math.min(plan.maxSectors(), plan.sectors() - at);
                long lba = plan.firstLba() + at;
                hosts.send(
                        hosts.operation(write, lba, sectors, Hosts.FOR_EVER),
                        hosts.host(turn++ % hosts.count()));
                at += sectors;
            }
            hosts.turn();
            lastNs = Math.max(lastNs, hosts.lastAnswerNs());
            if (hosts.errors() > errors
                    || moments.nowNs() - lastNs > PATIENCE_NS
                    || cancelled.getAsBoolean()) {
                return false;
            }
        }
        return true;
    }

    private String refusal() {
        if (cancelled.getAsBoolean()) {
            return "was not written all over yet: interrupted";
        }
        if (hosts.errors() > 0) {
            return "cannot be used: " + hosts.lastError();
        }
        for (int i = 0; i < hosts.count(); i++) {
            if (!hosts.host(i).answered) {
                return "does not answer "
                        + Mac.format(hosts.host(i).mac)
                        + "; stations that it does not serve cannot be played";
            }
        }
        return "does not answer any more";
    }

    private TortureReport report(long elapsedNs, boolean complete) {
        return new TortureReport(
                elapsedNs,
                hosts.operations(),
                hosts.frames(),
                hosts.answers(),
                hosts.resends(),
                hosts.unanswered(),
                hosts.errors(),
                hosts.lastError(),
                history.checkedSectors(),
                complete,
                history.findings());
    }
}
