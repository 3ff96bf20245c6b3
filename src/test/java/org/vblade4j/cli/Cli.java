// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.vblade4j.cli.common.Console;

/** Runs a program in this process. */
final class Cli {
    private Cli() {}

    record Result(int status, String out, String err) {}

    static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(err));
        int status = Main.run(List.of(arguments), console);
        return new Result(status, out.toString(), err.toString());
    }
}
