// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes findings of what a sector held: says what it is, and finds the writes it comes from. */
final class Findings {
    private static final int WORDS = StampedSectors.BYTES / 8;
    private static final int MAX_PARTS = 8;

    private Findings() {}

    /** A whole sector of a write of this run that should not be there. */
    static void add(RangeHistory range, long lba, Contradiction contradiction) {
        List<Event> history = new ArrayList<>();
        contradiction.copies().forEach(copy -> history.add(event(copy)));
        String what = "holds operation " + number(contradiction.read().value());
        Observation overwritten = contradiction.overwritten();
        Kind kind = Kind.STALE;
        if (overwritten == null) {
            kind = Kind.UNKNOWN;
            what += ", which nobody had sent";
        } else {
            history.add(event(overwritten));
            what += ", but held operation " + number(overwritten.value()) + " after that";
        }
        history.add(event(contradiction.read()));
        range.add(new Finding(lba, kind, what, List.copyOf(history)));
    }

    /** A sector that no write of this run can have left there. */
    static void add(
            RangeHistory range, long lba, Request read, long moment, ByteBuffer data, int at) {
        List<Event> history = new ArrayList<>();
        long id = StampedSectors.id(data, at, lba);
        long place = StampedSectors.place(data, at);
        Kind kind = Kind.TORN;
        String what;
        if (id == 0) {
            kind = Kind.ZEROED;
            what = "holds zeros, which nobody wrote";
        } else if (id != StampedSectors.TORN) {
            kind = Kind.OTHER_RUN;
            what = "holds data of another run of this program";
        } else if (place >= 0) {
            kind = Kind.FOREIGN;
            long writer = StampedSectors.id(data, at, place);
            addFirst(history, range.writers(place, writer));
            what = "holds operation " + number(writer) + "'s data for sector " + place;
        } else {
            what = mixture(range, lba, data, at, history);
        }
        history.add(event(read, read.firstSent, moment));
        range.add(new Finding(lba, kind, what, List.copyOf(history)));
    }

    /** Says which bytes are from which write, as far as they are from one. */
    private static String mixture(
            RangeHistory range, long lba, ByteBuffer data, int at, List<Event> history) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int word = 1; word <= WORDS && parts.size() < MAX_PARTS; word++) {
            long id = StampedSectors.idOfWord(data, at, lba, from);
            if (word == WORDS || StampedSectors.idOfWord(data, at, lba, word) != id) {
                List<WriteCopy> writers = range.writers(lba, id);
                addFirst(history, writers);
                String by = writers.isEmpty() ? "no known operation" : "operation " + number(id);
                parts.add("bytes " + from * 8 + " to " + (word * 8 - 1) + " of " + by);
                from = word;
            }
        }
        return "is a mixture: " + String.join(", ", parts) + (from < WORDS ? ", and so on" : "");
    }

    /** One copy shows what the others would. */
    private static void addFirst(List<Event> history, List<WriteCopy> writers) {
        writers.stream().limit(1).forEach(copy -> history.add(event(copy)));
    }

    private static Event event(WriteCopy copy) {
        Request request = (Request) copy.origin;
        return event(request, copy.sent, request.answered);
    }

    private static Event event(Observation observation) {
        Request request = (Request) observation.origin();
        return observation.read()
                ? event(request, observation.asked(), observation.end())
                : event(request, observation.begin(), request.answered);
    }

    private static Event event(Request request, long sent, long answered) {
        Operation operation = request.operation;
        return new Event(
                number(operation.id),
                operation.write,
                request.host.mac,
                request.tag,
                operation.lba,
                operation.sectors,
                sent,
                answered == WriteCopy.NEVER || answered < sent ? -1 : answered);
    }

    private static long number(long id) {
        return id & 0xffff_ffffL;
    }
}
