// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

/**
 * A change that a station asked for.
 *
 * @param kind which part of the state it is about
 * @param source the station, see {@link org.vblade4j.wire.Mac}
 * @param before the state until then
 * @param after the state if it is made
 */
public record Change(Kind kind, long source, StateImage before, StateImage after) {
    /** What initiators may be allowed to change. */
    public enum Kind {
        CONFIG_STRING,
        MAC_MASK,
        RESERVATION
    }
}
