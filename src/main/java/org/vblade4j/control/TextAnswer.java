// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vblade4j.text.Printable;

/**
 * An answer as the command line prints it. A request that begins with the word {@value #WORD} gets
 * it from the supervisor, so that a client has nothing to do but to copy: lines that begin with
 * {@code >} are for its standard output, those with {@code !} for its standard error, and {@code
 * =N}, always the last, is its exit status.
 */
public final class TextAnswer {
    static final String WORD = "text";

    /** Of a status, when an export that was asked for does not run. */
    private static final int NOT_RUNNING = OperationException.Kind.NOT_RUNNING.exitStatus();

    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final int status;

    private TextAnswer(int status) {
        this.status = status;
    }

    /** What a request that was carried out leads to. */
    public static TextAnswer of(
            String verb, List<String> arguments, List<Map<String, Object>> rows) {
        switch (verb) {
            case "status" -> {
                TextAnswer answer = new TextAnswer(asWanted(arguments, rows) ? 0 : NOT_RUNNING);
                answer.out.addAll(StatusTable.lines(rows));
                return answer;
            }
            case "check-files", "check-system", "check-line" -> {
                return checked(rows);
            }
            default -> {
                TextAnswer answer = new TextAnswer(0);
                rows.forEach(row -> answer.out.addAll(line(verb, row).lines().toList()));
                return answer;
            }
        }
    }

    static TextAnswer failure(OperationException e) {
        TextAnswer answer = new TextAnswer(e.kind().exitStatus());
        e.getMessage().lines().forEach(line -> answer.err.add("vblade4j: " + line));
        return answer;
    }

    private static String line(String verb, Map<String, Object> row) {
        return switch (verb) {
            case "list" -> row.get("name").toString();
            case "reload" -> row.get("name") + ": " + row.get("result");
            case "dump" -> row.get("line").toString();
            case "ping" -> row.get("pid").toString();
            default -> Json.render(row);
        };
    }

    /** Exports that were named should serve; of all others none should have crashed. */
    private static boolean asWanted(List<String> names, List<Map<String, Object>> rows) {
        for (Map<String, Object> row : rows) {
            Object state = row.get("state");
            boolean crashed = state.equals("crashed") || state.equals("failed");
            if (names.isEmpty() ? crashed : !state.equals("started")) {
                return false;
            }
        }
        return true;
    }

    private static TextAnswer checked(List<Map<String, Object>> rows) {
        boolean sound = rows.stream().noneMatch(row -> row.containsKey("problem"));
        TextAnswer answer = new TextAnswer(sound ? 0 : 1);
        for (Map<String, Object> row : rows) {
            row.forEach((kind, value) -> answer.putFinding(kind, value, sound));
        }
        return answer;
    }

    private void putFinding(String kind, Object value, boolean sound) {
        switch (kind) {
            case "warning" -> err.addAll(("warning: " + value).lines().toList());
            case "problem" -> err.addAll(value.toString().lines().toList());
            case "exports" -> {
                if (sound) {
                    out.add(value + (value.equals(1) ? " export" : " exports") + ", no problem");
                }
            }
            default -> throw new IllegalStateException(kind);
        }
    }

    public List<String> out() {
        return out;
    }

    public List<String> err() {
        return err;
    }

    /** The exit status of the command. */
    public int status() {
        return status;
    }

    /** As it crosses the socket. */
    List<String> format() {
        List<String> lines = new ArrayList<>(out.size() + err.size() + 1);
        out.forEach(line -> lines.add(">" + Printable.text(line)));
        err.forEach(line -> lines.add("!" + Printable.text(line)));
        lines.add("=" + status);
        return lines;
    }
}
