// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The variables of a conf.d file while it is read. */
final class ConfdVariables {
    /** Assigning these changes or fails in some shell; their values are never known here. */
    private static final Names SHELLS_OWN =
            new Names(
                    "_ IFS OPTIND OPTARG OPTERR PPID UID EUID GROUPS LINENO RANDOM SRANDOM SECONDS"
                            + " EPOCH* BASH* SHELLOPTS POSIXLY_CORRECT PIPESTATUS FUNCNAME FUNCNEST"
                            + " DIRSTACK HISTCMD COMP_* MAPFILE READLINE_*");

    /** These have a value before the file is read: from the environment, a shell or OpenRC. */
    private static final Names INHERITED =
            new Names(
                    "HOME PWD OLDPWD PATH PS0 PS1 PS2 PS3 PS4 PS5 PS6 PS7 PS8 PS9 SHELL SHLVL TERM"
                            + " USER LOGNAME HOSTNAME HOSTTYPE MACHTYPE OSTYPE MAIL LANG LC_* ENV TZ"
                            + " RC_* EINFO_* EERROR_* SVCNAME TMPDIR");

    /** Null values mark variables whose assignment was refused. */
    private final Map<String, String> values = new HashMap<>();

    static boolean isShellsOwn(String name) {
        return SHELLS_OWN.has(name);
    }

    /** True when nobody can tell from the file alone what the variable holds at this point. */
    boolean isUnknowable(String name) {
        return isShellsOwn(name) || (!values.containsKey(name) && INHERITED.has(name));
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

    /** Whole names, and beginnings that end in an asterisk. */
    private static final class Names {
        private final Set<String> whole = new HashSet<>();
        private final List<String> beginnings = new ArrayList<>();

        Names(String words) {
            for (String word : words.split(" ")) {
                if (word.endsWith("*")) {
                    beginnings.add(word.substring(0, word.length() - 1));
                } else {
                    whole.add(word);
                }
            }
        }

        boolean has(String name) {
            for (String beginning : beginnings) {
                if (name.startsWith(beginning)) {
                    return true;
                }
            }
            return whole.contains(name);
        }
    }
}
