// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

/**
 * Where a setting was written, for messages.
 *
 * @param source a file's path, or a phrase such as "command line"
 * @param line counted from 1; 0 where lines mean nothing
 */
public record Origin(String source, int line) {
    @Override
    public String toString() {
        return line > 0 ? source + ":" + line : source;
    }
}
