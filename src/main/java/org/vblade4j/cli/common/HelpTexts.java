// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.common;

/** Words of help that several commands share. */
public final class HelpTexts {
    public static final String JSON = "Print a JSON object a line, for programs.";

    private HelpTexts() {}
}
