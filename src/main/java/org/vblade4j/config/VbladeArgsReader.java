// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.vblade4j.wire.AoeAddress;

/** One reading of vblade's arguments; see {@link VbladeArgs} for the rules. */
final class VbladeArgsReader implements Consumer<String> {
    private static final String USAGE = "expected [options] shelf slot interface device";

    private final String name;
    private final Origin origin;
    private final String prefix;
    private final boolean absoluteDevice;
    private final List<Problem> problems = new ArrayList<>();
    private final ExportRules rules = new ExportRules(this);
    private final List<String> operands = new ArrayList<>();
    private final List<String> macs = new ArrayList<>();
    private boolean unknownOption;
    private boolean macsGiven;
    private int bufferCount;
    private boolean direct;
    private boolean synced;
    private boolean readOnly;
    private long offsetSectors;
    private long lengthSectors;
    private final ExportOptions defaults;

    VbladeArgsReader(
            String name,
            ExportOptions defaults,
            Origin origin,
            String prefix,
            boolean absoluteDevice) {
        this.name = name;
        this.origin = origin;
        this.prefix = prefix;
        this.absoluteDevice = absoluteDevice;
        this.defaults = defaults;
        this.bufferCount = defaults.bufferCount();
        this.direct = defaults.direct();
        this.synced = defaults.synced();
        this.readOnly = defaults.readOnly();
        this.offsetSectors = defaults.offsetSectors();
        this.lengthSectors = defaults.lengthSectors();
    }

    ExportSpec read(List<String> words) throws ConfigException {
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.equals("--")) {
                rest.forEachRemaining(operands::add);
            } else if (word.startsWith("-") && word.length() > 1) {
                options(word, rest);
            } else {
                operands.add(word);
            }
        }
        return spec();
    }

    /** A word such as {@code -dsr}, {@code -b16} or {@code -rb 16}. */
    private void options(String word, Iterator<String> rest) {
        for (int i = 1; i < word.length(); i++) {
            Optional<VbladeArgs.Option> option = option(word.charAt(i));
            if (option.isEmpty()) {
                refuse(unknown(word, i));
                unknownOption = true;
                return;
            }
            if (option.get().hasArgument()) {
                argument(option.get(), word.substring(i + 1), rest);
                return;
            }
            flag(option.get());
        }
    }

    private static Optional<VbladeArgs.Option> option(char letter) {
        for (VbladeArgs.Option option : VbladeArgs.OPTIONS) {
            if (option.letter() == letter) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    private static String unknown(String word, int index) {
        String shown = word.startsWith("--") ? word : "-" + word.charAt(index);
        String known =
                VbladeArgs.OPTIONS.stream()
                        .map(option -> "-" + option.letter())
                        .collect(Collectors.joining(" "));
        String in = shown.equals(word) ? "" : " in '" + word + "'";
        return "unknown option '" + shown + "'" + in + "; expected " + known;
    }

    private void flag(VbladeArgs.Option option) {
        switch (option.letter()) {
            case 'd' -> direct = true;
            case 's' -> synced = true;
            case 'r' -> readOnly = true;
            default -> throw new IllegalStateException("no flag -" + option.letter());
        }
    }

    private void argument(VbladeArgs.Option option, String attached, Iterator<String> rest) {
        if (attached.isEmpty() && !rest.hasNext()) {
            refuse(
                    "-"
                            + option.letter()
                            + " is the last word; expected "
                            + option.argument()
                            + " behind it");
            return;
        }
        String argument = attached.isEmpty() ? rest.next() : attached;
        switch (option.letter()) {
            case 'b' -> bufferCount = rules.bufferCount(argument);
            case 'o' -> offsetSectors = rules.sectors("offset", argument);
            case 'l' -> lengthSectors = rules.sectors("length", argument);
            case 'm' -> {
                macsGiven = true;
                macs.addAll(List.of(argument.split(",", -1)));
            }
            default -> throw new IllegalStateException("no argument to -" + option.letter());
        }
    }

    private ExportSpec spec() throws ConfigException {
        List<Long> allowed = macsGiven ? rules.macs(macs) : defaults.allowedMacs();
        rules.window(offsetSectors, lengthSectors);
        AoeAddress address = new AoeAddress(0, 0);
        String interfaceName = "";
        Path device = Path.of("/");
        if (operands.size() == VbladeArgs.OPERANDS.size()) {
            address = new AoeAddress(rules.shelf(operands.get(0)), rules.slot(operands.get(1)));
            interfaceName = rules.interfaceName(operands.get(2));
            String file = operands.get(3);
            device = absoluteDevice ? rules.absoluteDevice(file) : rules.device(file);
        } else if (!unknownOption) {
            countOperands();
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        ExportOptions options =
                new ExportOptions(
                        bufferCount,
                        direct,
                        synced,
                        readOnly,
                        allowed,
                        offsetSectors,
                        lengthSectors,
                        defaults.io(),
                        defaults.access(),
                        defaults.limits(),
                        defaults.loss(),
                        defaults.guard(),
                        defaults.remote());
        return new ExportSpec(name, address, interfaceName, device, options, origin);
    }

    private void countOperands() {
        int expected = VbladeArgs.OPERANDS.size();
        if (operands.isEmpty()) {
            refuse("nothing to export; " + USAGE);
        } else if (operands.size() < expected) {
            refuse("only '" + String.join(" ", operands) + "'; " + USAGE);
        } else {
            refuse(
                    "one word too many, '"
                            + operands.get(expected)
                            + "'; "
                            + USAGE
                            + ", and quotes around a device with blanks");
        }
    }

    private void refuse(String message) {
        accept(message);
    }

    /** For {@link ExportRules}. */
    @Override
    public void accept(String refusal) {
        problems.add(new Problem(origin, prefix + refusal));
    }
}
