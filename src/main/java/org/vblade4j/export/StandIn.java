// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortFactory;
import org.vblade4j.net.PortOptions;
import org.vblade4j.store.StoreTraits;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.Stations;
import org.vblade4j.target.TargetState;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;

/**
 * Answers in place of an export's thread that has not served for longer than the stall limit: one
 * that the system keeps waiting in a write to a frozen file system, say. It answers reads and
 * writes with ATA errors and IDENTIFY as it is; else it says nothing. It has no access to the disk,
 * so nothing it does can harm data: that a request has failed leaves open what becomes of it when
 * the export's thread goes on, which finds most of them in its own port.
 *
 * <p>It is a thread of its own, started where the export's is, so that it is in the same network
 * namespace.
 */
final class StandIn {
    private static final Logger LOG = System.getLogger(StandIn.class.getName());
    private static final long MOST_PERIOD_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BATCH = 32;
    private static final int FRAMES = 64;

    private final ExportSpec spec;
    private final PortFactory ports;
    private final Heartbeat heartbeat;
    private final LongSupplier sectors;
    private final Consumer<String> show;
    private final long limitNs;
    private final Thread thread;
    private volatile boolean over;

    /**
     * @param sectors the disk's size as known last
     * @param show told why it answers, for the operator, and nothing when it does so no longer
     */
    StandIn(
            ExportSpec spec,
            PortFactory ports,
            Heartbeat heartbeat,
            LongSupplier sectors,
            Consumer<String> show) {
        this.spec = spec;
        this.ports = ports;
        this.heartbeat = heartbeat;
        this.sectors = sectors;
        this.show = show;
        Duration limit = spec.options().loss().stallLimit();
        limitNs = limit.toNanos();
        thread = new Thread(this::watch, "stand-in:" + spec.name());
        thread.setDaemon(true);
    }

    /** Begins to watch, if there is a limit. */
    void start() {
        if (limitNs > 0) {
            thread.start();
        }
    }

    /** The export has ended or is to end: nobody shall answer for it. Any thread. */
    void end() {
        over = true;
        LockSupport.unpark(thread);
    }

    /**
     * What passed while the process was stopped, or this thread did not run, is no time that the
     * export's thread had: at most twice the period counts.
     */
    private void watch() {
        long periodNs = Math.min(limitNs / 8, MOST_PERIOD_NS);
        long lastNs = System.nanoTime();
        long silentNs = 0;
        long seen = 0;
        while (!over) {
            LockSupport.parkNanos(periodNs);
            long nowNs = System.nanoTime();
            long now = heartbeat.shown();
            silentNs =
                    now <= 0 || now != seen ? 0 : silentNs + Math.min(nowNs - lastNs, 2 * periodNs);
            seen = now;
            lastNs = nowNs;
            if (silentNs >= limitNs && !over) {
                standIn(now, silentNs);
            }
        }
    }

    private void standIn(long stuckAt, long silentNs) {
        Instant began = Instant.now().minusNanos(silentNs);
        BooleanSupplier done = () -> over || heartbeat.shown() != stuckAt;
        Counters counters = new Counters();
        PortOptions options =
                PortOptions.forTarget(spec.interfaceName(), spec.address(), FRAMES, FRAMES);
        try (EthernetPort port = ports.open(options, counters)) {
            String reason =
                    "device "
                            + spec.device()
                            + ", which keeps the export waiting"
                            + StallReport.since(began)
                            + "; answering with errors"
                            + StallReport.since(Instant.now());
            LOG.log(Level.WARNING, "{0}: waiting for {1}", spec.name(), reason);
            show.accept(reason);
            answer(port, counters, done);
            String answered = Long.toString(counters.value(Counter.ATA_ERRORS));
            String message = "{0}: no longer answering with errors, after {1}";
            LOG.log(Level.INFO, message, spec.name(), answered);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: cannot stand in: {1}", spec.name(), e.toString());
        } finally {
            show.accept("");
        }
    }

    private void answer(EthernetPort port, Counters counters, BooleanSupplier done)
            throws IOException {
        StoreTraits traits = new StoreTraits(spec.options().readOnly(), false, true, 512);
        AoeTarget target =
                new AoeTarget(
                        Targets.failing(spec),
                        new TargetState(spec.options().allowedMacs()),
                        new Stations(),
                        port,
                        new AwayStore(sectors.getAsLong(), traits),
                        counters);
        FrameHandler ataOnly = ataOnly(target);
        while (!done.getAsBoolean()) {
            int moved = port.receive(ataOnly, BATCH) + target.poll();
            target.flush();
            if (moved == 0) {
                port.await(TURN_NS);
            }
        }
    }

    /** What initiators have set is known to the export's thread alone. */
    private static FrameHandler ataOnly(AoeTarget target) {
        return new FrameHandler() {
            @Override
            public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
                if (lengthBytes >= AoeFrame.HEADER_BYTES
                        && AoeFrame.command(buffer, offset) == Aoe.COMMAND_ATA) {
                    target.onFrame(buffer, offset, lengthBytes);
                }
            }

            @Override
            public void batchEnd() {
                target.batchEnd();
            }
        };
    }
}
