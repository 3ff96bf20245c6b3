// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns a request line into calls of {@link Operations} and their results into answer lines. */
final class Dispatcher {
    private static final Logger LOG = System.getLogger(Dispatcher.class.getName());
    private static final Set<String> LIST_KEYS =
            Set.of("name", "state", "address", "interface", "device");

    private final Operations operations;

    Dispatcher(Operations operations) {
        this.operations = operations;
    }

    /** Never fails: what goes wrong is the answer. The last line is the outcome. */
    List<String> answer(String line) {
        try {
            Request request = Request.parse(line);
            if (request.verb().equals(TextAnswer.WORD)) {
                return text(request.arguments());
            }
            List<String> lines = new ArrayList<>();
            for (Map<String, Object> row : rows(request)) {
                lines.add(Json.render(row));
            }
            lines.add(Answer.OK_LINE);
            return lines;
        } catch (IllegalArgumentException e) {
            return List.of(
                    Answer.errorLine(OperationException.Kind.USAGE.exitStatus(), e.getMessage()));
        } catch (OperationException e) {
            return List.of(Answer.errorLine(e.kind().exitStatus(), e.getMessage()));
        }
    }

    private List<String> text(List<String> words) {
        try {
            if (words.isEmpty()) {
                throw usage("expected: " + TextAnswer.WORD + " COMMAND...");
            }
            Request request = new Request(words.get(0), words.subList(1, words.size()));
            return TextAnswer.of(request.verb(), request.arguments(), rows(request)).format();
        } catch (OperationException e) {
            return TextAnswer.failure(e).format();
        }
    }

    private List<Map<String, Object>> rows(Request request) throws OperationException {
        Verb verb =
                Verb.of(request.verb())
                        .orElseThrow(
                                () ->
                                        usage(
                                                "unknown command \""
                                                        + request.verb()
                                                        + "\", try help"));
        if (!verb.accepts(request.arguments().size())) {
            throw usage("expected: " + verb.usage());
        }
        try {
            return perform(verb, request.arguments());
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "command " + verb.word() + " failed by a defect", e);
            throw new OperationException(OperationException.Kind.REFUSED, "internal error: " + e);
        }
    }

    private List<Map<String, Object>> perform(Verb verb, List<String> arguments)
            throws OperationException {
        switch (verb) {
            case START -> operations.start(arguments);
            case START_WITH -> operations.startWith(arguments.get(0), arguments.get(1));
            case STOP -> operations.stop(arguments);
            case RESTART -> operations.restart(arguments);
            case SHUTDOWN -> operations.shutdown();
            case RELOAD -> {
                return operations.reload(arguments);
            }
            case STATUS -> {
                return operations.status(arguments);
            }
            case LIST -> {
                return operations.status(arguments).stream().map(Dispatcher::listRow).toList();
            }
            case CLIENTS -> {
                return operations.clients(arguments);
            }
            case DUMP -> {
                return operations.dump().stream()
                        .map(line -> Map.<String, Object>of("line", line))
                        .toList();
            }
            case CHECK_FILES -> {
                return operations.checkFiles(arguments.get(0), arguments.get(1));
            }
            case CHECK_SYSTEM -> {
                return operations.checkSystem(arguments.get(0), arguments.get(1));
            }
            case CHECK_LINE -> {
                return operations.checkLine(arguments.get(0), arguments.get(1));
            }
            case PING -> {
                return List.of(Map.of("pid", ProcessHandle.current().pid()));
            }
            case HELP -> {
                return help();
            }
            default -> throw new IllegalStateException(verb.word());
        }
        return List.of();
    }

    private static Map<String, Object> listRow(Map<String, Object> row) {
        Map<String, Object> shown = new LinkedHashMap<>(row);
        shown.keySet().retainAll(LIST_KEYS);
        return shown;
    }

    private static List<Map<String, Object>> help() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Verb verb : Verb.values()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("usage", verb.usage());
            row.put("help", verb.help());
            rows.add(row);
        }
        return rows;
    }

    private static OperationException usage(String message) {
        return new OperationException(OperationException.Kind.USAGE, message);
    }
}
