// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.nio.file.Path;

/** Where things are on an installed system; strings, because annotations need constants. */
public final class InstalledPaths {
    public static final String CONFD = "/etc/conf.d/vblade";
    public static final String SETTINGS = "/etc/vblade4j.conf";
    public static final String STATE_DIRECTORY = "/run/vblade";
    public static final String DATA_DIRECTORY = "/var/lib/vblade4j";
    public static final String SOCKET = "/run/vblade/control.sock";

    /** What an empty {@code --socket} stands for. */
    public static Path socket() {
        return Path.of(SOCKET);
    }

    private InstalledPaths() {}
}
