// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.util.ArrayList;
import java.util.List;

/**
 * Frames for two freshly started targets, in order, one after the other's answer.
 *
 * @param sectors the image's size
 */
record OracleCase(String name, long sectors, boolean readOnly, List<Step> steps) {
    static final long SECTORS = 1024;

    /** A frame and, in a few words, what it is; the words appear in the list of differences. */
    record Step(String words, Request request) {
        byte[] frame() {
            return request.bytes();
        }
    }

    static OracleCase of(String name) {
        return new OracleCase(name, SECTORS, false, new ArrayList<>());
    }

    static OracleCase readOnly(String name) {
        return new OracleCase(name, SECTORS, true, new ArrayList<>());
    }

    static OracleCase large(String name, long sectors) {
        return new OracleCase(name, sectors, false, new ArrayList<>());
    }

    /** Adds a step; its tag is its number with the bit that user-space initiators set. */
    OracleCase then(String words, Request request) {
        return raw(words, request.tag(0x8000_0000 | (steps.size() + 1)));
    }

    /** Adds a step that keeps the tag it has. */
    OracleCase raw(String words, Request request) {
        steps.add(new Step(words, request));
        return this;
    }

    @Override
    public String toString() {
        return name;
    }
}
