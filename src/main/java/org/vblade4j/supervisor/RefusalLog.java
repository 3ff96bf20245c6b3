// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;

/**
 * Logs which classes of frames an export refuses: a line when that begins, a line when there were
 * none of a class for a minute, and in between sums at intervals that grow. It reads the counters
 * from time to time, so that a flood of frames costs the export nothing and the log a few lines.
 * Supervisor thread only.
 */
final class RefusalLog {
    /** How often to look. */
    static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Logger LOG = System.getLogger(RefusalLog.class.getName());
    private static final long QUIET_NS = Duration.ofMinutes(1).toNanos();
    private static final long FIRST_SUM_NS = Duration.ofMinutes(1).toNanos();
    private static final long LONGEST_SUM_NS = Duration.ofHours(1).toNanos();

    private final Map<String, Refused> exports = new HashMap<>();

    /** One export. */
    private static final class Refused {
        /** A new run counts from zero again. */
        Counters counters;

        final Map<Counter, Episode> episodes = new EnumMap<>(Counter.class);
    }

    /** One class of frames, from the first refused to a minute of silence. */
    private static final class Episode {
        long seen;
        boolean goesOn;
        long count;
        long told;
        long toldNs;
        long lastNs;
        long sumAfterNs;
    }

    void look(String export, Counters counters, long nowNs) {
        Refused refused = exports.computeIfAbsent(export, name -> new Refused());
        if (refused.counters != counters) {
            refused.counters = counters;
            refused.episodes.values().forEach(episode -> episode.seen = 0);
        }
        for (Counter counter : Counter.values()) {
            if (counter.kind() != Counter.Kind.TRAFFIC) {
                Episode episode = refused.episodes.computeIfAbsent(counter, any -> new Episode());
                look(export, counter, episode, counters.value(counter), nowNs);
            }
        }
    }

    /** Forgets all others. */
    void retain(Set<String> names) {
        exports.keySet().retainAll(names);
    }

    private static void look(
            String export, Counter counter, Episode episode, long value, long nowNs) {
        long more = value - episode.seen;
        episode.seen = value;
        if (more > 0) {
            episode.count += more;
            episode.lastNs = nowNs;
        }
        if (!episode.goesOn && more > 0) {
            episode.goesOn = true;
            episode.sumAfterNs = FIRST_SUM_NS;
            tell(export, counter, episode, nowNs, "refused " + episode.count);
        } else if (episode.goesOn && nowNs - episode.lastNs >= QUIET_NS) {
            String silence = " in all; none for " + seconds(QUIET_NS);
            tell(export, counter, episode, nowNs, "refused " + episode.count + silence);
            episode.goesOn = false;
            episode.count = 0;
            episode.told = 0;
        } else if (episode.goesOn
                && episode.count > episode.told
                && nowNs - episode.toldNs >= episode.sumAfterNs) {
            String since = " more in " + seconds(nowNs - episode.toldNs);
            long untold = episode.count - episode.told;
            episode.sumAfterNs = Math.min(2 * episode.sumAfterNs, LONGEST_SUM_NS);
            tell(export, counter, episode, nowNs, "refused " + untold + since);
        }
    }

    private static void tell(
            String export, Counter counter, Episode episode, long nowNs, String what) {
        episode.told = episode.count;
        episode.toldNs = nowNs;
        Level level = counter.kind() == Counter.Kind.ROUTINE ? Level.INFO : Level.WARNING;
        LOG.log(level, export + ": " + what + ": " + counter.help() + " (" + counter.label() + ")");
    }

    private static String seconds(long durationNs) {
        return Duration.ofNanos(durationNs).toSeconds() + " s";
    }
}
