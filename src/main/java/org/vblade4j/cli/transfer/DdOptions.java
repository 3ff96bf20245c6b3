// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** How {@code aoe dd} goes about it. */
final class DdOptions {
    @Option(
            names = "--skip",
            paramLabel = "SIZE",
            description = "Leave out so much at the source's beginning.")
    private ByteSize skip;

    @Option(
            names = "--seek",
            paramLabel = "SIZE",
            description = "Begin so far from the destination's beginning.")
    private ByteSize seek;

    @Option(
            names = "--length",
            paramLabel = "SIZE",
            description = "Copy so much; default: to the source's end.")
    private ByteSize length;

    @Option(
            names = "--force",
            description =
                    "Overwrite a target that is not blank, replace a file that is not empty,"
                            + " overwrite a block device.")
    private boolean force;

    @Option(
            names = "--in-place",
            description = "Write into an existing file and keep the rest of it.")
    private boolean inPlace;

    @Option(
            names = "--no-sparse",
            description = "Write zeros to a file, too, instead of leaving holes.")
    private boolean notSparse;

    @Option(
            names = "--skip-holes",
            description =
                    "Write nothing to a target where the source file has holes: right for a target"
                            + " that is all zeros, and quicker.")
    private boolean skipHoles;

    @Option(
            names = "--resume-at",
            paramLabel = "SIZE",
            description =
                    "Go on with an interrupted copy: so much of it is there. Other options as for"
                            + " the copy that was interrupted.")
    private ByteSize resumeAt;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "Record in FILE every few seconds how much is durable; when FILE is there"
                            + " already, go on from what it says. Removed when all is copied.")
    private Path state;

    long skipBytes() {
        return ByteSize.bytes(skip, 0);
    }

    long seekBytes() {
        return ByteSize.bytes(seek, 0);
    }

    /** -1 when none was given. */
    long lengthBytes() {
        return ByteSize.bytes(length, -1);
    }

    boolean force() {
        return force;
    }

    boolean inPlace() {
        return inPlace;
    }

    boolean sparse() {
        return !notSparse;
    }

    boolean skipHoles() {
        return skipHoles;
    }

    /** -1 when none was given. */
    long resumeAtBytes() {
        return ByteSize.bytes(resumeAt, -1);
    }

    /** Null when none was given. */
    Path state() {
        return state;
    }

    /** What makes it this copy and no other. */
    Map<String, String> identity(DdPlace source, DdPlace destination, String from, String to) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("source", source.stream() ? "-" : absolute(source));
        identity.put("source_is", from);
        identity.put("destination", absolute(destination));
        identity.put("destination_is", to);
        identity.put("skip_bytes", Long.toString(skipBytes()));
        identity.put("seek_bytes", Long.toString(seekBytes()));
        identity.put("length_bytes", length == null ? "all" : Long.toString(lengthBytes()));
        return identity;
    }

    private static String absolute(DdPlace place) {
        return place.address().isPresent()
                ? place.word()
                : place.path().toAbsolutePath().normalize().toString();
    }
}
