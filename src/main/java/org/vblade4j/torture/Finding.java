// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.List;

/**
 * A sector that a target returned and should not have.
 *
 * @param kind what is wrong with it
 * @param what the same with its numbers, for people
 * @param history the operations that show it, and no others; the read comes last
 */
public record Finding(long lba, Kind kind, String what, List<Event> history) {}
