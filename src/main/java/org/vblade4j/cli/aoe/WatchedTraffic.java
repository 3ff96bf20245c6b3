// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.FrameText;
import org.vblade4j.wire.Mac;

/** Decodes frames one after the other, and finds to each response its request. */
final class WatchedTraffic {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

    /** Requests that are remembered until their response comes; the oldest are forgotten. */
    private static final int MAX_OPEN_REQUESTS = 65_536;

    private final ZoneId zone;
    private final Map<Key, Long> openUs =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
                    return size() > MAX_OPEN_REQUESTS;
                }
            };
    private long requests;
    private long responses;
    private long errors;
    private long resent;

    /** What a response repeats of its request. */
    private record Key(long initiator, int shelf, int slot, int command, int tag) {
        Key toAll() {
            int anyShelf = AoeAddress.WILDCARD_SHELF;
            return new Key(initiator, anyShelf, AoeAddress.WILDCARD_SLOT, command, tag);
        }
    }

    WatchedTraffic(ZoneId zone) {
        this.zone = zone;
    }

    /**
     * One frame in words.
     *
     * @param lengthBytes what it had on the wire
     */
    String line(ByteBuffer frame, int lengthBytes, long timeUs) {
        Note note = note(frame, timeUs);
        Instant instant = Instant.ofEpochMilli(timeUs / 1000);
        String time = TIME.format(instant.plusNanos(timeUs % 1000 * 1000).atZone(zone));
        String cut = frame.limit() < lengthBytes ? " of " + lengthBytes : "";
        return time + ' ' + FrameText.of(frame, 0, frame.limit()) + cut + note.text();
    }

    /** One frame as an object's members. */
    Map<String, Object> members(ByteBuffer frame, int lengthBytes, long timeUs) {
        Note note = note(frame, timeUs);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("time_us", timeUs);
        members.put("bytes", lengthBytes);
        members.put("text", FrameText.of(frame, 0, frame.limit()));
        if (isAoe(frame)) {
            putHeader(members, frame);
            putAta(members, frame);
        }
        if (note.latencyUs >= 0) {
            members.put("latency_us", note.latencyUs);
        }
        members.put("resent", note.again);
        return members;
    }

    private static void putHeader(Map<String, Object> members, ByteBuffer frame) {
        members.put("source", Mac.format(AoeFrame.source(frame, 0)));
        members.put("destination", Mac.format(AoeFrame.destination(frame, 0)));
        members.put("shelf", AoeFrame.major(frame, 0));
        members.put("slot", AoeFrame.minor(frame, 0));
        members.put("response", AoeFrame.isResponse(frame, 0));
        members.put("command", AoeFrame.command(frame, 0));
        members.put("tag", Integer.toUnsignedLong(AoeFrame.tag(frame, 0)));
        if (AoeFrame.isError(frame, 0)) {
            int code = AoeFrame.error(frame, 0);
            members.put("error", code);
            members.put("error_text", AoeError.of(code).map(AoeError::text).orElse("not defined"));
        }
    }

    private static void putAta(Map<String, Object> members, ByteBuffer frame) {
        if (AoeFrame.command(frame, 0) != Aoe.COMMAND_ATA || frame.limit() < AtaFrame.DATA_OFFSET) {
            return;
        }
        boolean response = AoeFrame.isResponse(frame, 0);
        int code = AtaFrame.command(frame, 0);
        members.put(response ? "ata_status" : "ata_command", code);
        members.put("sectors", AtaFrame.sectorCount(frame, 0));
        members.put("lba", AtaFrame.lba48(frame, 0));
    }

    /** What the frames before tell about this one. */
    private record Note(long latencyUs, boolean again) {
        String text() {
            if (latencyUs >= 0) {
                return String.format(Locale.ROOT, " after %d us", latencyUs);
            }
            return again ? " again" : "";
        }
    }

    private Note note(ByteBuffer frame, long timeUs) {
        if (!isAoe(frame)) {
            return new Note(-1, false);
        }
        boolean response = AoeFrame.isResponse(frame, 0);
        Key key =
                new Key(
                        response ? AoeFrame.destination(frame, 0) : AoeFrame.source(frame, 0),
                        AoeFrame.major(frame, 0),
                        AoeFrame.minor(frame, 0),
                        AoeFrame.command(frame, 0),
                        AoeFrame.tag(frame, 0));
        if (response) {
            responses++;
            errors += AoeFrame.isError(frame, 0) ? 1 : 0;
            Long sentUs = openUs.remove(key);
            if (sentUs == null) {
                sentUs = openUs.get(key.toAll()); // which others may answer too
            }
            return new Note(sentUs == null ? -1 : timeUs - sentUs, false);
        }
        requests++;
        boolean again = openUs.put(key, timeUs) != null;
        resent += again ? 1 : 0;
        return new Note(-1, again);
    }

    private static boolean isAoe(ByteBuffer frame) {
        return frame.limit() >= AoeFrame.HEADER_BYTES
                && AoeFrame.etherType(frame, 0) == Aoe.ETHERTYPE;
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "%d requests, %d of them again; %d responses, %d of them errors",
                requests,
                resent,
                responses,
                errors);
    }
}
