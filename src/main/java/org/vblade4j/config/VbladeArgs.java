// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.vblade4j.wire.Mac;

/**
 * vblade's arguments, {@code [-b bufcnt] [-d] [-s] [-r] [-m mac[,mac]...] [-o offset] [-l length]
 * shelf slot netif filename}: on a command line and as the value of a {@code config_NAME}.
 *
 * <p>Options are read as getopt(3) of the GNU C library does: flags may be clustered ({@code
 * -dsr}), an argument may be attached ({@code -b16}), options may follow the other words, {@code
 * --} ends them. A repeated {@code -b}, {@code -o} or {@code -l} replaces the earlier one; repeated
 * {@code -m} add up, as in vblade. Numbers are read as strtoll(3) does with base 0, but in a shelf,
 * slot or buffer count, which vblade reads as decimal, a leading zero is refused where it matters.
 */
public final class VbladeArgs {
    /** What the words without a letter are, in order. */
    public static final List<String> OPERANDS = List.of("shelf", "slot", "netif", "filename");

    /** All options, the one description that help, manual page and completion are made from. */
    public static final List<Option> OPTIONS =
            List.of(
                    new Option('b', "bufcnt", "requests initiators may have in flight, 2 to 65535"),
                    new Option('d', null, "bypass the page cache (O_DIRECT)"),
                    new Option('s', null, "answer a write when it is on the medium (O_SYNC)"),
                    new Option('r', null, "refuse writes"),
                    new Option('m', "mac[,mac]...", "serve these stations only"),
                    new Option('o', "offset", "first sector of the device that is served"),
                    new Option('l', "length", "number of sectors served; 0 is all that follow"));

    private VbladeArgs() {}

    /**
     * One option.
     *
     * @param argument how help names its argument; null when it takes none
     */
    public record Option(char letter, String argument, String help) {
        public boolean hasArgument() {
            return argument != null;
        }
    }

    /** What is accepted but most likely not meant. */
    public static List<Problem> warnings(ExportSpec export) {
        return ExportRules.warnings(export);
    }

    /**
     * Reads words as a program receives them.
     *
     * @param name what the export is called
     * @param defaults what options that are not given have; a given {@code -m} replaces their list
     * @throws ConfigException with everything that is wrong
     */
    public static ExportSpec parse(
            List<String> words, String name, ExportOptions defaults, Origin origin)
            throws ConfigException {
        return new VbladeArgsReader(name, defaults, origin, "", false).read(words);
    }

    /**
     * Reads the value of {@code config_NAME} as a shell hands it over. Blanks separate words; a
     * word with blanks is put in quotes: <code>config_a="0 1 eth0 '/srv/my disk.img'"</code>. The
     * device must be an absolute path.
     */
    public static ExportSpec parseLine(
            String name, String line, ExportOptions defaults, Origin origin)
            throws ConfigException {
        String prefix = ConfdFile.EXPORT_PREFIX + name + ": ";
        List<String> words;
        try {
            words = ConfigWords.split(line);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(List.of(new Problem(origin, prefix + e.getMessage())));
        }
        return new VbladeArgsReader(name, defaults, origin, prefix, true).read(words);
    }

    /**
     * The inverse of {@link #parseLine} with {@link ExportOptions#DEFAULTS}; what vblade has no
     * option for is left out, see {@link ExportsText}.
     */
    public static String toLine(ExportSpec spec) {
        List<String> words = new ArrayList<>();
        ExportOptions options = spec.options();
        if (options.bufferCount() != ExportOptions.DEFAULTS.bufferCount()) {
            words.addAll(List.of("-b", String.valueOf(options.bufferCount())));
        }
        addFlag(words, options.direct(), "-d");
        addFlag(words, options.synced(), "-s");
        addFlag(words, options.readOnly(), "-r");
        if (!options.allowedMacs().isEmpty()) {
            words.add("-m");
            words.add(
                    options.allowedMacs().stream()
                            .map(Mac::format)
                            .collect(Collectors.joining(",")));
        }
        addSectors(words, "-o", options.offsetSectors());
        addSectors(words, "-l", options.lengthSectors());
        String device = spec.device().toString();
        if (spec.interfaceName().startsWith("-") || device.startsWith("-")) {
            words.add("--");
        }
        words.add(String.valueOf(spec.address().shelf()));
        words.add(String.valueOf(spec.address().slot()));
        words.add(ConfigWords.quote(spec.interfaceName()));
        words.add(ConfigWords.quote(device));
        return String.join(" ", words);
    }

    /** False when {@link #toLine} would leave an option out. */
    static boolean saysAllOf(ExportOptions options) {
        return options.equals(
                new ExportOptions(
                        options.bufferCount(),
                        options.direct(),
                        options.synced(),
                        options.readOnly(),
                        options.allowedMacs(),
                        options.offsetSectors(),
                        options.lengthSectors()));
    }

    /** A line of a conf.d file, quoted for a shell: {@code config_NAME="..."}. */
    public static String toAssignment(ExportSpec spec) {
        String value = toLine(spec).replaceAll("[\\\\\"$`]", "\\\\$0");
        return ConfdFile.EXPORT_PREFIX + spec.name() + "=\"" + value + '"';
    }

    private static void addFlag(List<String> words, boolean set, String flag) {
        if (set) {
            words.add(flag);
        }
    }

    private static void addSectors(List<String> words, String option, long sectors) {
        if (sectors != 0) {
            words.add(option);
            words.add(String.valueOf(sectors));
        }
    }
}
