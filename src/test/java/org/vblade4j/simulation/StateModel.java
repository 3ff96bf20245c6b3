// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * A target's config string and reservation, told once more from its answers. They are given in the
 * order in which the requests took effect.
 */
final class StateModel {
    private byte[] config = {};
    private List<Long> reservation = List.of();

    boolean openTo(long station) {
        return reservation.isEmpty() || reservation.contains(station);
    }

    void forget() {
        config = new byte[0];
        reservation = List.of();
    }

    /** Null when the answer is right, which also takes note of what the request has changed. */
    String fault(ByteBuffer request, ByteBuffer answer, int offset) {
        boolean error = AoeFrame.isError(answer, offset);
        return switch (AoeFrame.command(request, 0)) {
            case Aoe.COMMAND_CONFIG -> config(request, error, answer, offset);
            case Aoe.COMMAND_RESERVE -> reserve(request, error, answer, offset);
            default -> "an answer to an unknown command";
        };
    }

    private String config(ByteBuffer request, boolean error, ByteBuffer answer, int offset) {
        byte[] given = string(request, 0);
        int operation = ConfigFrame.operation(request, 0);
        boolean conflict =
                operation == ConfigFrame.SET && config.length > 0 && !same(config, given);
        if (error != conflict) {
            return "a set that should or should not have been refused";
        }
        if (!error && (operation == ConfigFrame.SET || operation == ConfigFrame.FORCE_SET)) {
            config = given;
        }
        return same(config, string(answer, offset)) ? null : "another config string";
    }

    private String reserve(ByteBuffer request, boolean error, ByteBuffer answer, int offset) {
        int operation = ReserveFrame.operation(request, 0);
        boolean open = openTo(AoeFrame.source(request, 0));
        if (error != (operation == ReserveFrame.SET && !open)) {
            return "a reservation that should or should not have been refused";
        }
        if (!error && operation != ReserveFrame.READ) {
            reservation = list(request, 0);
        }
        return reservation.equals(list(answer, offset)) ? null : "another reservation";
    }

    private static byte[] string(ByteBuffer frame, int offset) {
        byte[] string = new byte[ConfigFrame.stringBytes(frame, offset)];
        frame.get(offset + ConfigFrame.STRING_OFFSET, string);
        return string;
    }

    private static List<Long> list(ByteBuffer frame, int offset) {
        List<Long> macs = new ArrayList<>();
        for (int i = 0; i < ReserveFrame.count(frame, offset); i++) {
            macs.add(ReserveFrame.mac(frame, offset, i));
        }
        return macs;
    }

    private static boolean same(byte[] a, byte[] b) {
        return Arrays.equals(a, b);
    }
}
