// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.nio.file.Path;
import java.util.Optional;
import org.vblade4j.wire.AoeAddress;

/**
 * One end of a copy as it was written on the command line: {@code e1.0} is a target, {@code ./e1.0}
 * a file, {@code -} a standard stream.
 */
public record DdPlace(String word) {
    Optional<AoeAddress> address() {
        return word.startsWith("e") ? AoeAddress.parse(word) : Optional.empty();
    }

    boolean stream() {
        return word.equals("-");
    }

    Path path() {
        return Path.of(word);
    }

    @Override
    public String toString() {
        return word;
    }
}
