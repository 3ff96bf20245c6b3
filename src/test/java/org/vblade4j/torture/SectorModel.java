// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A sector as a disk has it, a network that loses, repeats and delays, and hosts that use both:
 * what it shows to a {@link SectorHistory} has really happened so.
 */
final class SectorModel {
    /** A frame on its way, at the target or answered. */
    private static final class Frame {
        final long value;
        final boolean write;
        final Tag tag;
        long found;

        Frame(long value, boolean write, Tag tag) {
            this.value = value;
            this.write = write;
            this.tag = tag;
        }
    }

    /** What is asked under one tag, by one frame or two. */
    private static final class Tag {
        long firstSent;
        long lastSent;
        int copies;
        boolean answered;
        WriteCopy first;
    }

    private final boolean ordered;
    private final SplittableRandom random;
    private final SectorHistory history = new SectorHistory();
    private final List<Frame> travelling = new ArrayList<>();
    private final List<Frame> carriedOut = new ArrayList<>();
    private final List<Tag> reads = new ArrayList<>();
    private long held;
    private long moment;
    private long values;

    SectorModel(boolean ordered, SplittableRandom random) {
        this.ordered = ordered;
        this.random = random;
        history.sent(new WriteCopy(0, 0, 0, ""));
        history.written(Observation.written(0, 0, 0, ""));
    }

    /** One event of some kind; null, or what the history says against it. */
    Contradiction step() {
        moment++;
        switch (random.nextInt(8)) {
            case 0, 1 -> send(new Frame(write(), true, new Tag()));
            case 2 -> read();
            case 3 -> again();
            case 4, 5 -> carryOut();
            default -> {
                return answer();
            }
        }
        if (random.nextInt(30) == 0) {
            history.forget(oldestRead());
        }
        return null;
    }

    /** Lets everything end that can. */
    Contradiction end() {
        while (!travelling.isEmpty() || !carriedOut.isEmpty()) {
            moment++;
            carryOut();
            Contradiction contradiction = answer();
            if (contradiction != null) {
                return contradiction;
            }
        }
        return null;
    }

    /** A read that finds some value. */
    Contradiction read(long value) {
        moment += 2;
        return history.read(value, moment - 1, moment, "");
    }

    long held() {
        return held;
    }

    /** The highest value that was ever written. */
    long values() {
        return values;
    }

    /** Mostly a new value; sometimes one again. */
    private long write() {
        return random.nextInt(4) == 0 && values > 0 ? 1 + random.nextLong(values) : ++values;
    }

    private void read() {
        Tag tag = new Tag();
        reads.add(tag);
        send(new Frame(0, false, tag));
    }

    private void again() {
        if (!travelling.isEmpty()) {
            Frame frame = travelling.get(random.nextInt(travelling.size()));
            if (!frame.tag.answered) {
                send(new Frame(frame.value, frame.write, frame.tag));
            }
        }
    }

    private void send(Frame frame) {
        frame.tag.lastSent = moment;
        if (frame.tag.copies++ == 0) {
            frame.tag.firstSent = moment;
        }
        if (frame.write) {
            long latest = ordered ? moment : WriteCopy.NEVER;
            WriteCopy copy = new WriteCopy(frame.value, moment, latest, "");
            frame.tag.first = frame.tag.first == null ? copy : frame.tag.first;
            history.sent(copy);
        }
        travelling.add(frame);
    }

    private void carryOut() {
        if (travelling.isEmpty()) {
            return;
        }
        Frame frame = travelling.remove(ordered ? 0 : random.nextInt(travelling.size()));
        if (random.nextInt(8) == 0) {
            return; // lost
        }
        if (frame.write) {
            held = frame.value;
        } else {
            frame.found = held;
        }
        carriedOut.add(frame);
    }

    private Contradiction answer() {
        if (carriedOut.isEmpty()) {
            return null;
        }
        Frame frame = carriedOut.remove(random.nextInt(carriedOut.size()));
        if (random.nextInt(8) == 0 || frame.tag.answered) {
            return null; // lost
        }
        Tag tag = frame.tag;
        tag.answered = true;
        if (!frame.write) {
            return history.read(frame.found, tag.firstSent, moment, "");
        }
        if (tag.copies == 1) {
            tag.first.endedBy(moment);
        }
        long end = ordered ? tag.lastSent : moment;
        return history.written(Observation.written(frame.value, tag.firstSent, end, ""));
    }

    private long oldestRead() {
        long oldest = moment;
        for (Tag tag : reads) {
            oldest = tag.answered ? oldest : Math.min(oldest, tag.firstSent);
        }
        return oldest;
    }
}
