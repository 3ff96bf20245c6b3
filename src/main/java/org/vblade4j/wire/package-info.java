// SPDX-License-Identifier: Apache-2.0
/**
 * The AoE wire format: where each field of a frame lies, and nothing else. No I/O, no state, no
 * allocation; the JDK only.
 */
package org.vblade4j.wire;
