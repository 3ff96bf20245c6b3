// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a network interface is made of, as {@code vendor:device}; empty for virtual ones. */
final class PciId {
    private PciId() {}

    /** sysfs shows the network namespace it was mounted in: elsewhere nothing is found. */
    static String of(String interfaceName) {
        Path device = Path.of("/sys/class/net", interfaceName, "device");
        try {
            return number(device, "vendor") + ":" + number(device, "device");
        } catch (IOException e) {
            return "";
        }
    }

    private static String number(Path device, String file) throws IOException {
        return Files.readString(device.resolve(file)).strip().replaceFirst("^0x", "");
    }
}
