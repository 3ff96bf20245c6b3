// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.List;

/** Every kind of conf.d file that is refused, with what is said about it. */
public final class ConfdRefusals {
    private static final String VALUE = "; expected NAME=value";
    private static final String QUOTED = VALUE + ", quoted if needed";
    private static final String COMMAND = " is a command, and nothing is run here" + VALUE;
    private static final String PLAIN = "; expected text, quotes, $NAME or ${NAME}";
    private static final String HOME =
            " may be a home directory, which a shell would look up; expected the path, or quotes";
    private static final String SECOND = "; expected a second one";

    private ConfdRefusals() {}

    /** A file named f, and its problems in order. */
    public record Case(String description, String file, List<String> problems) {
        Case(String description, String file, String... problems) {
            this(description, file, List.of(problems));
        }

        @Override
        public String toString() {
            return description;
        }
    }

    public static final List<Case> CASES =
            List.of(
                    new Case(
                            "a command substitution",
                            "a=$(date)\n",
                            "f:1: a: '$(date)' is a command substitution, and nothing is run here"
                                    + PLAIN),
                    new Case(
                            "a quoted command substitution",
                            "a=\"x $(date)\"\n",
                            "f:1: a: '$(date)\"' is a command substitution, and nothing is run here"
                                    + PLAIN),
                    new Case(
                            "backquotes",
                            "a=`date`\n",
                            "f:1: a: '`date`' is a command substitution, and nothing is run here"
                                    + PLAIN),
                    new Case(
                            "quoted backquotes",
                            "a=\"`date`\"\n",
                            "f:1: a: '`date`\"' is a command substitution, and nothing is run here"
                                    + PLAIN),
                    new Case(
                            "arithmetic",
                            "a=$((1+2))\n",
                            "f:1: a: '$((1+2))' is arithmetic" + PLAIN),
                    new Case(
                            "bash's old arithmetic",
                            "a=$[1]\n",
                            "f:1: a: '$[1]' is arithmetic" + PLAIN),
                    new Case(
                            "a default value",
                            "a=${v:-x}\n",
                            "f:1: a: '${v:-x}' is an expansion with conditions" + PLAIN),
                    new Case(
                            "a length",
                            "a=${#v}\n",
                            "f:1: a: '${#v}' is an expansion with conditions" + PLAIN),
                    new Case(
                            "a brace that is not closed",
                            "a=${v\n",
                            "f:1: a: '${v' is an expansion with conditions" + PLAIN),
                    new Case(
                            "an argument of the shell",
                            "a=$1\n",
                            "f:1: a: '$1' is known only to a running shell" + PLAIN),
                    new Case(
                            "the shell's process",
                            "a=$$\n",
                            "f:1: a: '$$' is known only to a running shell" + PLAIN),
                    new Case(
                            "all arguments, quoted",
                            "a=\"$@\"\n",
                            "f:1: a: '$@\"' is known only to a running shell" + PLAIN),
                    new Case(
                            "quotes with escapes",
                            "a=$'x'\n",
                            "f:1: a: '$'x'' is quoting that not every shell knows" + PLAIN),
                    new Case(
                            "translated quotes",
                            "a=$\"x\"\n",
                            "f:1: a: '$\"x\"' is quoting that not every shell knows" + PLAIN),
                    new Case(
                            "a variable of the environment",
                            "a=$HOME/x\n",
                            "f:1: a: '$HOME' is known only to a running shell; expected a variable assigned in this file"),
                    new Case(
                            "a variable of OpenRC",
                            "a=$RC_SVCNAME\n",
                            "f:1: a: '$RC_SVCNAME' is known only to a running shell; expected a variable assigned in this file"),
                    new Case(
                            "a continuation inside a variable",
                            "a=$\\\nv\n",
                            "f:1: a: a line continuation right after '$'; expected ${NAME} in one piece"),
                    new Case(
                            "a continuation after a variable",
                            "v=1\na=$v\\\nx\n",
                            "f:2: a: a line continuation right after '$v'; expected ${NAME} in one piece"),
                    new Case("a pipe", "a=1 | b\n", "f:1: unquoted '|'" + QUOTED),
                    new Case("a redirection", "a=1 > x\n", "f:1: unquoted '>'" + QUOTED),
                    new Case(
                            "a redirection inside a value", "a=<x\n", "f:1: unquoted '<'" + QUOTED),
                    new Case("a background command", "a=1 & b=2\n", "f:1: unquoted '&'" + QUOTED),
                    new Case("a list of commands", "a=1 && b=2\n", "f:1: unquoted '&&'" + QUOTED),
                    new Case("two semicolons", "a=1;;b=2\n", "f:1: unquoted ';;'" + QUOTED),
                    new Case(
                            "a semicolon with nothing before it",
                            "; a=1\n",
                            "f:1: unquoted ';'" + QUOTED),
                    new Case(
                            "an array",
                            "a=(1 2)\n",
                            "f:1: a: '(1 2)' is an array; expected a plain value"),
                    new Case(
                            "a parenthesis inside a value",
                            "a=x(1)\n",
                            "f:1: unquoted '('" + QUOTED),
                    new Case("a command", "date\n", "f:1: 'date'" + COMMAND),
                    new Case(
                            "a command with an assignment before it",
                            "a=1 date\n",
                            "f:1: 'date'" + COMMAND),
                    new Case(
                            "blanks around the equals sign",
                            "a = 1\n",
                            "f:1: 'a' has a blank before its '='" + VALUE),
                    new Case("a blank after the equals sign", "a= 1 b=2\n", "f:1: '1'" + COMMAND),
                    new Case(
                            "an appending assignment",
                            "a+=1\n",
                            "f:1: 'a+=1' appends, which POSIX shells cannot do" + VALUE),
                    new Case(
                            "an array element",
                            "a[0]=1\n",
                            "f:1: 'a[0]=1' is an array element, which POSIX shells do not have"
                                    + VALUE),
                    new Case(
                            "a condition, every part of it",
                            "if true; then a=1; fi\n",
                            "f:1: 'if'" + COMMAND,
                            "f:1: 'then'" + COMMAND,
                            "f:1: 'fi'" + COMMAND),
                    new Case("a group", "{ a=1; }\n", "f:1: '{'" + COMMAND, "f:1: '}'" + COMMAND),
                    new Case("a negation", "! a=1\n", "f:1: '!'" + COMMAND),
                    new Case("a function", "f() { a=1\n", "f:1: 'f()' defines a function" + VALUE),
                    new Case(
                            "a function with a blank",
                            "f () {\n",
                            "f:1: 'f()' defines a function" + VALUE),
                    new Case("a name that starts with a digit", "1a=2\n", "f:1: '1a=2'" + COMMAND),
                    new Case("a quoted name", "\"a\"=1\n", "f:1: '\"a\"=1'" + COMMAND),
                    new Case("a name from a variable", "a$b=1\n", "f:1: 'a$b=1'" + COMMAND),
                    new Case(
                            "a continuation inside a name",
                            "con\\\nfig=1\n",
                            "f:1: 'con\\'" + COMMAND),
                    new Case("the home directory", "a=~/x\n", "f:1: a: '~/x'" + HOME),
                    new Case("somebody's home directory", "a=~root\n", "f:1: a: '~root'" + HOME),
                    new Case("a home directory after a colon", "a=x:~\n", "f:1: a: '~'" + HOME),
                    new Case(
                            "a home directory after an equals sign",
                            "a=x=~\n",
                            "f:1: a: '~'" + HOME),
                    new Case(
                            "an export of nothing",
                            "export\n",
                            "f:1: 'export' alone prints variables; expected export NAME=value"),
                    new Case(
                            "an option of export",
                            "export -p\n",
                            "f:1: export '-p'; expected export NAME=value"),
                    new Case(
                            "an unquoted variable after export",
                            "export a=$v\n",
                            "f:1: a: shells differ on an unquoted '$v' after export; expected double quotes"),
                    new Case(
                            "an unquoted pattern after export",
                            "export a=/*\n",
                            "f:1: a: shells differ on an unquoted '*' after export; expected quotes"),
                    new Case(
                            "a quoted assignment after export",
                            "export 'a=1'\n",
                            "f:1: export ''a=1''; expected export NAME=value"),
                    new Case(
                            "a second word after export",
                            "export a=1 2\n",
                            "f:1: export '2'; expected export NAME=value"),
                    new Case("another declaration", "readonly a=1\n", "f:1: 'readonly'" + COMMAND),
                    new Case(
                            "the field separator",
                            "IFS=:\n",
                            "f:1: 'IFS' has a meaning of its own to shells; expected another name"),
                    new Case(
                            "a read-only variable of bash",
                            "UID=0\n",
                            "f:1: 'UID' has a meaning of its own to shells; expected another name"),
                    new Case(
                            "a single quote without its partner",
                            "a='x\nb=1\n",
                            "f:1: a: this single quote is never closed" + SECOND),
                    new Case(
                            "the last quote of an odd number",
                            "a='x\n'y'\n",
                            "f:2: a: this single quote is never closed (it is part of a value that begins on line 1)"
                                    + SECOND),
                    new Case(
                            "a quote without its partner, and what it swallows",
                            "a=\"x\nb=\"y\"\nc=$(z)\n",
                            "f:2: a: this double quote is never closed (it is part of a value that begins on line 1)"
                                    + SECOND,
                            "f:3: c: '$(z)' is a command substitution, and nothing is run here"
                                    + PLAIN),
                    new Case(
                            "a quote without its partner, and a mistake after it",
                            "a=\"x$(y\nb=`z`\n",
                            "f:1: a: this double quote is never closed" + SECOND,
                            "f:2: b: '`z`' is a command substitution, and nothing is run here"
                                    + PLAIN),
                    new Case(
                            "a backslash at the end",
                            "a=x\\",
                            "f:1: a: nothing follows the backslash that ends the file; expected another line, or no backslash"),
                    new Case(
                            "CR LF, and a mistake after it",
                            "a=1\r\nb=2\r\nc=$(x)\r\n",
                            "f:1: the line ends in CR LF and a shell would keep the CR in the value; expected LF line ends throughout",
                            "f:3: c: '$(x)' is a command substitution, and nothing is run here"
                                    + PLAIN),
                    new Case(
                            "a CR at the end",
                            "a=1\r",
                            "f:1: the line ends in CR LF and a shell would keep the CR in the value; expected LF line ends throughout"),
                    new Case(
                            "a CR within a line",
                            "a=1\nb=\r\"\nc\"\n",
                            "f:2: the line holds a CR, which a shell would keep in the value; expected LF line ends throughout"),
                    new Case(
                            "a byte order mark",
                            "\ufeffa=1\n",
                            "f:1: the file starts with a byte order mark, which a shell would read as a command; expected plain UTF-8"),
                    new Case(
                            "a NUL",
                            "a=1\n\0\n",
                            "f:2: the file holds a NUL byte; expected plain text"),
                    new Case(
                            "a mistake whose result is used twice, reported once",
                            "v=$(x)\na=$v\nconfig_x=\"$a\"\n",
                            "f:1: v: '$(x)' is a command substitution, and nothing is run here"
                                    + PLAIN),
                    new Case(
                            "mistakes on several lines",
                            "a=$(x)\nc=1 |\nd=(\n",
                            "f:1: a: '$(x)' is a command substitution, and nothing is run here"
                                    + PLAIN,
                            "f:2: unquoted '|'" + QUOTED,
                            "f:3: d: '(' is an array; expected a plain value"),
                    new Case(
                            "a script",
                            "#!/bin/sh\nset -e\n. ./other\nexec x\n",
                            "f:2: 'set'" + COMMAND,
                            "f:3: '.'" + COMMAND,
                            "f:4: 'exec'" + COMMAND));
}
