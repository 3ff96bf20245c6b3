// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The variables of a conf.d file while it is read. */
final class ConfdVariables {
    /** Assigning these changes or fails in some shell; their values are never known here. */
    private static final Pattern SHELLS_OWN =
            Pattern.compile(
                    "_|IFS|OPT(IND|ARG|ERR)|PPID|E?UID|GROUPS|LINENO|S?RANDOM|SECONDS|EPOCH\\w*"
                            + "|BASH\\w*|SHELLOPTS|POSIXLY_CORRECT|PIPESTATUS|FUNC(NAME|NEST)"
                            + "|DIRSTACK|HISTCMD|COMP_\\w*|MAPFILE|READLINE_\\w*");

    /** These have a value before the file is read: from the environment, a shell or OpenRC. */
    private static final Pattern INHERITED =
            Pattern.compile(
                    "HOME|(OLD)?PWD|PATH|PS[0-9]|SHELL|SHLVL|TERM|USER|LOGNAME|HOST(NAME|TYPE)"
                            + "|MACHTYPE|OSTYPE|MAIL|LANG|LC_\\w*|ENV|TZ|(RC|EINFO|EERROR)_\\w*"
                            + "|(RC_)?SVCNAME|TMPDIR");

    /** Null values mark variables whose assignment was refused. */
    private final Map<String, String> values = new HashMap<>();

    static boolean isShellsOwn(String name) {
        return SHELLS_OWN.matcher(name).matches();
    }

    /** True when nobody can tell from the file alone what the variable holds at this point. */
    boolean isUnknowable(String name) {
        return isShellsOwn(name)
                || (!values.containsKey(name) && INHERITED.matcher(name).matches());
    }

    boolean isSet(String name) {
        return values.containsKey(name);
    }

    boolean isUsable(String name) {
        return !values.containsKey(name) || values.get(name) != null;
    }

    /** Empty for a variable that is not set, as in a shell without {@code set -u}. */
    String value(String name) {
        return values.getOrDefault(name, "");
    }

    /**
     * @param value null for one that could not be read
     */
    void put(String name, String value) {
        values.put(name, value);
    }
}
