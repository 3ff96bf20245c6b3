// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Options that vblade has on its command line and the C program does not: what the settings file
 * says of a supervised export. {@code --name value} and {@code --name=value} are the same; the rest
 * of the words is for {@link VbladeArgs}.
 *
 * @param words what is left
 * @param dataDirectory where what initiators change is kept, if anywhere
 * @param port what moves the frames
 * @param options the defaults for {@link VbladeArgs}
 */
public record VbladeLongOptions(
        List<String> words, Optional<Path> dataDirectory, PortKind port, ExportOptions options) {
    /** One of them, for help, manual page and completion. */
    public record Option(String name, String argument, String help) {}

    public static final List<Option> OPTIONS =
            List.of(
                    new Option(
                            "--data-dir",
                            "DIR",
                            "keep config string, mask list and reservation in this directory"),
                    new Option(
                            "--device-in-use",
                            "refuse|warn",
                            "what to do when somebody else uses the device; refuse by default"),
                    new Option(
                            "--address-in-use",
                            "refuse|warn",
                            "what to do when another target has the address; refuse by default"),
                    new Option(
                            "--port",
                            "ring|pcap",
                            "what moves the frames: packet rings, the default, or libpcap"));

    public VbladeLongOptions {
        words = List.copyOf(words);
    }

    /**
     * Takes these options out of a command line.
     *
     * @throws ConfigException with everything that is wrong
     */
    public static VbladeLongOptions parse(List<String> words, Origin origin)
            throws ConfigException {
        return new Reader(origin).read(words);
    }

    private static final class Reader {
        private final Origin origin;
        private final List<Problem> problems = new ArrayList<>();
        private final List<String> others = new ArrayList<>();
        private Optional<Path> dataDirectory = Optional.empty();
        private PortKind port = PortSettings.DEFAULTS.kind();
        private GuardOptions.Conflict deviceInUse = GuardOptions.DEFAULTS.deviceInUse();
        private GuardOptions.Conflict addressInUse = GuardOptions.DEFAULTS.addressInUse();

        Reader(Origin origin) {
            this.origin = origin;
        }

        VbladeLongOptions read(List<String> words) throws ConfigException {
            Iterator<String> rest = words.iterator();
            while (rest.hasNext()) {
                String word = rest.next();
                String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
                if (OPTIONS.stream().anyMatch(option -> option.name().equals(name))) {
                    option(name, word, rest);
                } else {
                    others.add(word);
                    if (word.equals("--")) {
                        rest.forEachRemaining(others::add);
                    }
                }
            }
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            return new VbladeLongOptions(others, dataDirectory, port, options());
        }

        private void option(String name, String word, Iterator<String> rest) {
            if (name.equals(word) && !rest.hasNext()) {
                refuse(name + " is the last word; expected a value behind it");
                return;
            }
            String value = name.equals(word) ? rest.next() : word.substring(name.length() + 1);
            switch (name) {
                case "--data-dir" -> dataDirectory = Optional.of(Path.of(value));
                case "--port" -> choose(name, value, PortKind.values(), kind -> port = kind);
                case "--device-in-use" -> conflict(name, value, conflict -> deviceInUse = conflict);
                default -> conflict(name, value, conflict -> addressInUse = conflict);
            }
        }

        private void conflict(String name, String value, Consumer<GuardOptions.Conflict> use) {
            choose(name, value, GuardOptions.Conflict.values(), use);
        }

        private <E extends Enum<E>> void choose(
                String name, String value, E[] all, Consumer<E> use) {
            Optional<E> known = Arrays.stream(all).filter(it -> word(it).equals(value)).findAny();
            known.ifPresent(use);
            if (known.isEmpty()) {
                String words =
                        Arrays.stream(all).map(Reader::word).collect(Collectors.joining(" or "));
                refuse(name + " '" + value + "'; expected " + words);
            }
        }

        private static String word(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }

        private void refuse(String message) {
            problems.add(new Problem(origin, message));
        }

        private ExportOptions options() {
            RemoteOptions open = RemoteOptions.VBLADE;
            GuardOptions guard = GuardOptions.DEFAULTS;
            return ExportOptions.DEFAULTS
                    .with(new GuardOptions(deviceInUse, addressInUse, guard.probe(), guard.watch()))
                    .with(
                            new RemoteOptions(
                                    dataDirectory.isPresent(),
                                    open.configString(),
                                    open.macMask(),
                                    open.reservation(),
                                    open.admins()));
        }
    }
}
