// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

/** The version that the disk reports to hosts, in the two forms the protocols have for it. */
public final class Firmware {
    /** For IDENTIFY, at most eight characters. */
    public static final String TEXT = "0.1.0";

    /** For the AoE config response: major version in the high byte, minor in the low one. */
    public static final int NUMBER = 0x0001;

    private Firmware() {}
}
