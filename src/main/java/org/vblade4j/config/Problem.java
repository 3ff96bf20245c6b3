// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

/**
 * One thing wrong with the configuration, in the operator's terms.
 *
 * @param origin where it was written
 * @param message what was found (the value, quoted) and what was expected
 */
public record Problem(Origin origin, String message) {
    @Override
    public String toString() {
        return origin + ": " + message;
    }
}
