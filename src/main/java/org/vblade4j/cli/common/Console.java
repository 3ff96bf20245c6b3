// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.common;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.vblade4j.text.Printable;

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
        if (message.isEmpty()) {
            return;
        }
        // Without a stream: an init script waits for what is wrong with its files, too.
        for (String line : message.replace("\r\n", "\n").replace('\r', '\n').split("\n")) {
            err.println(program + ": " + Printable.text(line));
        }
        err.flush();
    }
}
