// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.common;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/** What standard output and standard error lead to. */
public final class Terminal {
    public static final int STDOUT = 1;
    public static final int STDERR = 2;
    private static final int WINSIZE_BYTES = 8;
    private static final int DEFAULT_COLUMNS = 80;

    private Terminal() {}

    /** True for a terminal on which a line can be drawn anew. */
    public static boolean canRedraw(int fd, Map<String, String> environment) {
        return Libc.isatty(fd) == 1 && !"dumb".equals(environment.get("TERM"));
    }

    public static boolean isTerminal(int fd) {
        return Libc.isatty(fd) == 1;
    }

    /** The width now. */
    public static int columns(int fd) {
        ByteBuffer size = ByteBuffer.allocateDirect(WINSIZE_BYTES).order(ByteOrder.nativeOrder());
        int result = Libc.ioctl(fd, Linux.TIOCGWINSZ, Libc.address(size));
        int columns = size.getShort(2);
        return result == 0 && columns > 0 ? columns : DEFAULT_COLUMNS;
    }
}
