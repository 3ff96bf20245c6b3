// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.GuardOptions;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortFactory;
import org.vblade4j.net.PortOptions;
import org.vblade4j.target.AddressWatch;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;

/**
 * Looks out for another target under an export's address: hosts would take both for one disk, and
 * write to each what belongs on the other. Before the export serves a rival keeps it from starting;
 * later it is reported, and both serve: which of them is right only the operator knows.
 *
 * <p>This machine's other interfaces do not count: one disk may be exported on several networks,
 * which may turn out to be one. The export's own thread only, except {@link #rival}.
 */
final class AddressGuard {
    private static final Logger LOG = System.getLogger(AddressGuard.class.getName());
    private static final int PROBE_FRAMES = 64;
    private static final int PROBE_SLOTS = 4;

    /** A rival that answered no query in so many intervals is gone. */
    private static final int PATIENT_INTERVALS = 3;

    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(10);
    private static final Duration REMINDER = Duration.ofMinutes(10);

    private final ExportSpec spec;
    private final GuardOptions options;
    private final PortFactory ports;
    private AddressWatch attended;
    private long sightings;
    private long lastQueryNs;
    private long lastSeenNs;
    private long lastReportNs;
    private volatile long rival;

    AddressGuard(ExportSpec spec, PortFactory ports) {
        this.spec = spec;
        this.options = spec.options().guard();
        this.ports = ports;
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
        long found = ask();
        if (found == 0) {
            return;
        }
        String what =
                spec.address()
                        + " on "
                        + spec.interfaceName()
                        + " is served by another target, "
                        + Mac.format(found);
        if (options.addressInUse() == GuardOptions.Conflict.REFUSE) {
            throw new IOException(what + "; address-in-use = warn would export it all the same");
        }
        LOG.log(Level.WARNING, "{0}: {1}; exported all the same, as configured", spec.name(), what);
    }

    private long ask() throws PortException {
        PortOptions how = PortOptions.forInitiator(spec.interfaceName(), PROBE_FRAMES, PROBE_SLOTS);
        try (EthernetPort port = ports.open(how, new Counters())) {
            Answers answers = new Answers(port);
            long halfNs = options.probe().toNanos() / 2;
            for (int half = 0; half < 2 && answers.foreign == 0; half++) {
                query(port);
                answers.await(halfNs);
            }
            return answers.foreign;
        }
    }

    private void query(EthernetPort port) throws PortException {
        int slot = port.claim();
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(slot);
        AoeFrame.putEthernet(buffer, at, Mac.BROADCAST, port.mac());
        int shelf = spec.address().shelf();
        AoeFrame.putAoe(buffer, at, 0, shelf, spec.address().slot(), Aoe.COMMAND_CONFIG, 0);
        ConfigFrame.putRequest(buffer, at, ConfigFrame.READ, 0);
        port.commit(slot, AoeFrame.pad(buffer, at, ConfigFrame.STRING_OFFSET));
        port.flush();
    }

    private boolean isForeign(long mac, long own) {
        return mac != own && Mac.isUnicast(mac) && !ports.ownMacs().contains(mac);
    }

    /** What comes back to a probe. */
    private final class Answers {
        private final EthernetPort port;
        private long foreign;

        Answers(EthernetPort port) {
            this.port = port;
        }

        void await(long patienceNs) throws PortException {
            long startNs = System.nanoTime();
            long leftNs = patienceNs;
            while (foreign == 0 && leftNs > 0) {
                port.await(leftNs);
                port.receive(this::onFrame, PROBE_FRAMES);
                leftNs = patienceNs - (System.nanoTime() - startNs);
            }
        }

        private void onFrame(ByteBuffer frame, int offset, int lengthBytes) {
            if (lengthBytes >= AoeFrame.HEADER_BYTES
                    && AoeFrame.isResponse(frame, offset)
                    && AoeFrame.major(frame, offset) == spec.address().shelf()
                    && AoeFrame.minor(frame, offset) == spec.address().slot()
                    && isForeign(AoeFrame.source(frame, offset), port.mac())) {
                foreign = AoeFrame.source(frame, offset);
            }
        }
    }

    /** From time to time while the export serves. */
    void attend(AoeTarget target, EthernetPort port) {
        long nowNs = System.nanoTime();
        notice(target.addressWatch(), port.mac(), nowNs);
        long intervalNs = options.watch().toNanos();
        if (intervalNs > 0 && nowNs - lastQueryNs >= intervalNs) {
            lastQueryNs = nowNs;
            target.queryOwnAddress();
        }
    }

    /** The first query is due an interval from now: the probe has just asked. */
    void begin() {
        lastQueryNs = System.nanoTime();
    }

    private void notice(AddressWatch watch, long own, long nowNs) {
        if (watch != attended) { // another port, another count
            attended = watch;
            sightings = 0;
        }
        if (watch.sightings() != sightings) {
            sightings = watch.sightings();
            sighted(watch.mac(), own, nowNs);
        } else if (rival != 0
                && options.watch().toNanos() > 0
                && nowNs - lastSeenNs > patienceNs()) {
            LOG.log(
                    Level.INFO,
                    "{0}: the other target at {1}, {2}, is not seen any more",
                    spec.name(),
                    spec.address(),
                    Mac.format(rival));
            rival = 0;
        }
    }

    private long patienceNs() {
        return Math.max(LEAST_PATIENCE.toNanos(), PATIENT_INTERVALS * options.watch().toNanos());
    }

    private void sighted(long mac, long own, long nowNs) {
        if (mac == rival) {
            lastSeenNs = nowNs;
        } else if (!isForeign(mac, own)) {
            return;
        }
        lastSeenNs = nowNs;
        if (mac != rival || nowNs - lastReportNs > REMINDER.toNanos()) {
            rival = mac;
            lastReportNs = nowNs;
            LOG.log(
                    Level.ERROR,
                    "{0}: {1} answers as {2} on {3} too: two disks under one address destroy each"
                            + " other's data; stop one of them",
                    spec.name(),
                    Mac.format(mac),
                    spec.address(),
                    spec.interfaceName());
        }
    }
}
