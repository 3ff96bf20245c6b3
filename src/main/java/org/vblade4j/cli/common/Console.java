// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.common;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where a program prints.
 *
 * @param out what was asked for
 * @param err what went wrong
 */
public record Console(PrintWriter out, PrintWriter err) {
    public static Console standard() {
        return new Console(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    /** One problem, one line, each led by the program's name as shells' tools do. */
    public void complain(String program, String message) {
        message.lines().forEach(line -> err.println(program + ": " + line));
        err.flush();
    }
}
