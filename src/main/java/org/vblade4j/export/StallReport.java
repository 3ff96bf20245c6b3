// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.target.StallLimit;

/**
 * Says to the operator that hosts get errors because they have been told nothing for too long, and
 * logs when that begins and ends. The export's own thread only.
 */
final class StallReport {
    private static final Logger LOG = System.getLogger(StallReport.class.getName());

    private final ExportSpec spec;
    private final Supplier<Instant> wallTime;
    private StallLimit.Cause cause = StallLimit.Cause.NONE;
    private String waitingFor = "";
    private String text = "";

    StallReport(ExportSpec spec, Supplier<Instant> wallTime) {
        this.spec = spec;
        this.wallTime = wallTime;
    }

    /**
     * What the export waits for, and what it does meanwhile. Allocates only when that changes.
     *
     * @param waitedFor what it cannot serve without; empty when it has all
     */
    String text(String waitedFor, StallLimit limit) {
        StallLimit.Cause now = limit.cause();
        if (now != cause || !waitedFor.equals(waitingFor)) {
            waitingFor = waitedFor;
            text = explain(now, limit);
            if (now != cause) {
                log(now);
            }
            cause = now;
        }
        return text;
    }

    private void log(StallLimit.Cause now) {
        if (now == StallLimit.Cause.NONE) {
            LOG.log(Level.INFO, "{0}: no longer answering with errors", spec.name());
        } else {
            LOG.log(Level.WARNING, "{0}: waiting for {1}", spec.name(), text);
        }
    }

    private String explain(StallLimit.Cause now, StallLimit limit) {
        String device = "device " + spec.device();
        Instant began = wallTime.get().minusNanos(limit.ageNs(now));
        return switch (now) {
            case NONE -> waitingFor;
            case AWAY -> device + ", away" + since(began) + why(device) + answering("");
            case HUNG ->
                    device
                            + ", which has not finished a request"
                            + since(began)
                            + answering(" what concerns its sectors");
            case NO_SPACE ->
                    "space on "
                            + spec.device()
                            + since(began)
                            + answering(" writes that find none");
        };
    }

    private String why(String device) {
        return waitingFor.isEmpty() || waitingFor.equals(device) ? "" : " (" + waitingFor + ")";
    }

    private String answering(String what) {
        Instant passed = wallTime.get();
        return "; answering" + what + " with errors" + since(passed);
    }

    /** In words for the operator. */
    static String since(Instant moment) {
        return " since " + moment.truncatedTo(ChronoUnit.SECONDS);
    }
}
