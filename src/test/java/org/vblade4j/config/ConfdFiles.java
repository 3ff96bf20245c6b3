// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Generators of conf.d files that use the variables a, b, c and config_x only. */
final class ConfdFiles {
    static final List<String> NAMES = List.of("a", "b", "c", "config_x");

    private ConfdFiles() {}

    /** Files made by the grammar of assignments, with a few things that are refused. */
    static Arbitrary<String> grammar() {
        return Arbitraries.frequencyOf(
                        Tuple.of(3, joined(assignment(), " ", 1, 2)),
                        Tuple.of(9, assignment()),
                        Tuple.of(2, assignment().map(a -> "export " + a)),
                        Tuple.of(
                                2,
                                Arbitraries.of("", "  \t", "# it's $(x) \\", "\\\n", "\texport a")),
                        Tuple.of(1, joined(assignment(), ";", 2, 3)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(lines -> String.join("\n", lines))
                .flatMap(text -> Arbitraries.of("\n", "", " # c\n").map(end -> text + end));
    }

    /** Text of the characters that matter, mostly nonsense. */
    static Arbitrary<String> soup() {
        return Arbitraries.of(
                        "a=",
                        " b=",
                        "\nc=",
                        "\nconfig_x=",
                        "export a=",
                        "a",
                        "$a",
                        "${b}",
                        "$",
                        "{",
                        "}",
                        "'",
                        "'",
                        "\"",
                        "\"",
                        "\\",
                        "\n",
                        " ",
                        "\t",
                        "#",
                        "=",
                        ";",
                        "~",
                        ":",
                        "/",
                        "x",
                        "*",
                        "-",
                        "`",
                        "(",
                        "&",
                        "\r",
                        "\u00e9")
                .list()
                .ofMaxSize(14)
                .map(pieces -> "a=" + String.join("", pieces));
    }

    private static Arbitrary<String> assignment() {
        Arbitrary<String> value = joined(piece(), "", 0, 5);
        return Arbitraries.of(NAMES).flatMap(name -> value.map(text -> name + "=" + text));
    }

    private static Arbitrary<String> piece() {
        return Arbitraries.frequencyOf(
                Tuple.of(32, chars("abcxyz019/._-,:=@%+#*?[]{}!^\u00e9\u4e2d", 6)),
                Tuple.of(24, chars("ab \t\n\"$`\\#;&|<>(){}~*=", 6).map(s -> "'" + s + "'")),
                Tuple.of(32, joined(quotedPiece(), "", 0, 4).map(s -> '"' + s + '"')),
                Tuple.of(
                        4,
                        Arbitraries.of("\\ ", "\\\\", "\\'", "\\\"", "\\$", "\\`", "\\;", "\\n")),
                Tuple.of(16, Arbitraries.of("$a", "${a}", "$b", "${c}", "$config_x", "\\\n", "$/")),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                "$(a)", "`a`", "${a:-b}", "$1", "~", "x:~", "x~", "&", "$((1))")));
    }

    private static Arbitrary<String> quotedPiece() {
        return Arbitraries.frequencyOf(
                Tuple.of(8, chars("abc \t\n'#;&|<>(){}~*=!/%", 6)),
                Tuple.of(
                        4,
                        Arbitraries.of("\\\\", "\\\"", "\\$", "\\`", "\\\n", "\\a", "\\'", "\\ ")),
                Tuple.of(4, Arbitraries.of("$a ", "${a}", "${b}", "$c/", "$ ", "$%", "$'")));
    }

    private static Arbitrary<String> chars(String from, int max) {
        return Arbitraries.strings().withChars(from).ofMinLength(1).ofMaxLength(max);
    }

    private static Arbitrary<String> joined(
            Arbitrary<String> parts, String separator, int min, int max) {
        return parts.list().ofMinSize(min).ofMaxSize(max).map(list -> String.join(separator, list));
    }
}
