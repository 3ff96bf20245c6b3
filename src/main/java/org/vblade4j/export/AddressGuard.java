// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.GuardOptions;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortFactory;
import org.vblade4j.net.PortOptions;
import org.vblade4j.target.AddressWatch;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.wire.Mac;

/**
 * Looks out for another target under an export's address: hosts would take both for one disk, and
 * write to each what belongs on the other. Before the export serves a rival keeps it from starting,
 * see {@link RivalProbe} for who is one; later it is reported, and both serve: which of them is
 * right only the operator knows.
 *
 * <p>This machine's other interfaces do not count: one disk may be exported on several networks,
 * which may turn out to be one. Answers can be forged, under any number of addresses, so the log
 * gets one line about them at once and then one in {@link #REMINDER} at most. The export's own
 * thread only, except {@link #rival}.
 */
final class AddressGuard {
    private static final Logger LOG = System.getLogger(AddressGuard.class.getName());
    private static final int PROBE_SLOTS = 16;

    /** A rival that answered no query in so many intervals is gone. */
    private static final int PATIENT_INTERVALS = 3;

    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(10);

    /** Between two lines about other targets at the address. */
    static final Duration REMINDER = Duration.ofMinutes(1);

    private final ExportSpec spec;
    private final GuardOptions options;
    private final PortFactory ports;
    private final LongSupplier clockNs;
    private AddressWatch attended;
    private long sightings;
    private long lastQueryNs;
    private long lastSeenNs;
    private boolean reported;
    private boolean reportedBefore;
    private long lastReportNs;
    private long unreported;
    private volatile long rival;

    /**
     * @param clockNs a monotonic clock in nanoseconds, {@link System#nanoTime}
     */
    AddressGuard(ExportSpec spec, PortFactory ports, LongSupplier clockNs) {
        this.spec = spec;
        this.options = spec.options().guard();
        this.ports = ports;
        this.clockNs = clockNs;
    }

    /** Who answers under the address now, as in {@link Mac}; 0 for nobody. */
    long rival() {
        return rival;
    }

    /**
     * Asks the network, before the export answers anything.
     *
     * @throws IOException another target answered, and that is not to be put up with
     */
    void probe() throws IOException {
        if (options.probe().isZero()) {
            return;
        }
        PortOptions how =
                PortOptions.forInitiator(spec.interfaceName(), RivalProbe.BATCH, PROBE_SLOTS);
        try (EthernetPort port = ports.open(how, new Counters())) {
            SplittableRandom random = new SplittableRandom();
            RivalProbe asked =
                    new RivalProbe(port, spec.address(), mac -> isForeign(mac, port.mac()), random);
            asked.run(options.probe().toNanos());
            tellOfPretenders(asked);
            if (asked.rival().isPresent()) {
                judge(asked.rival().getAsLong());
            }
        }
    }

    private void tellOfPretenders(RivalProbe asked) {
        int others = asked.pretenders() - 1;
        if (others >= 0) {
            LOG.log(
                    Level.WARNING,
                    "{0}: on {1} {2}{3}: no target does that, so that is no reason not to start;"
                            + " find the machine that sends it",
                    spec.name(),
                    spec.interfaceName(),
                    asked.pretender(),
                    others == 0 ? "" : ", and at least " + others + " more stations do the like");
        }
    }

    private void judge(long found) throws IOException {
        String what =
                spec.address()
                        + " on "
                        + spec.interfaceName()
                        + " is served by another target, "
                        + Mac.format(found);
        if (options.addressInUse() == GuardOptions.Conflict.REFUSE) {
            throw new IOException(
                    what
                            + "; stop one of the two, or, if that station only pretends,"
                            + " address-in-use = warn exports it all the same");
        }
        LOG.log(Level.WARNING, "{0}: {1}; exported all the same, as configured", spec.name(), what);
    }

    private boolean isForeign(long mac, long own) {
        return mac != own && Mac.isUnicast(mac) && !ports.ownMacs().contains(mac);
    }

    /** From time to time while the export serves. */
    void attend(AoeTarget target, EthernetPort port) {
        long nowNs = clockNs.getAsLong();
        notice(target.addressWatch(), port.mac(), nowNs);
        long intervalNs = options.watch().toNanos();
        if (intervalNs > 0 && nowNs - lastQueryNs >= intervalNs) {
            lastQueryNs = nowNs;
            target.queryOwnAddress();
        }
    }

    /** The first query is due an interval from now: the probe has just asked. */
    void begin() {
        lastQueryNs = clockNs.getAsLong();
    }

    private void notice(AddressWatch watch, long own, long nowNs) {
        if (watch != attended) { // another port, another count
            attended = watch;
            sightings = 0;
        }
        long before = sightings;
        sightings = watch.sightings();
        if (sightings != before) {
            sighted(watch.mac(), own, sightings - before, nowNs);
        } else if (rival != 0
                && options.watch().toNanos() > 0
                && nowNs - lastSeenNs > patienceNs()) {
            gone();
        }
    }

    private void gone() {
        if (reported) {
            LOG.log(
                    Level.INFO,
                    "{0}: the other target at {1}, {2}, is not seen any more",
                    spec.name(),
                    spec.address(),
                    Mac.format(rival));
        }
        reported = false;
        rival = 0;
    }

    private long patienceNs() {
        return Math.max(LEAST_PATIENCE.toNanos(), PATIENT_INTERVALS * options.watch().toNanos());
    }

    private void sighted(long mac, long own, long answers, long nowNs) {
        if (!isForeign(mac, own)) {
            return;
        }
        lastSeenNs = nowNs;
        rival = mac;
        if (reportedBefore && nowNs - lastReportNs < REMINDER.toNanos()) {
            unreported += answers;
            return;
        }
        LOG.log(
                Level.ERROR,
                "{0}: {1} answers as {2} on {3} too: two disks under one address destroy each"
                        + " other''s data; stop one of them, or, if it serves no disk, find who sends"
                        + " that{4}",
                spec.name(),
                Mac.format(mac),
                spec.address(),
                spec.interfaceName(),
                unreported == 0
                        ? ""
                        : "; " + unreported + " more such answers since the last line");
        reported = true;
        reportedBefore = true;
        lastReportNs = nowNs;
        unreported = 0;
    }
}
