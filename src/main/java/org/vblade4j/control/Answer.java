// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.util.List;
import java.util.Map;

/**
 * What a supervisor answered.
 *
 * @param rows JSON objects, one a line, as they came
 * @param status the exit status for the command line; 0 when the command was carried out
 * @param error why not, for the operator; empty when it was
 */
public record Answer(List<String> rows, int status, String error) {
    static final String OK_LINE = "{\"ok\":true}";
    private static final String FAILURE = "{\"ok\":false,\"status\":";

    public Answer {
        rows = List.copyOf(rows);
    }

    public boolean ok() {
        return status == 0;
    }

    /** The rows read as JSON; loads the parser, which a caller in a hurry may want to avoid. */
    public List<Map<String, Object>> parsedRows() {
        return rows.stream().map(Json::parse).toList();
    }

    static String errorLine(int status, String error) {
        return FAILURE + status + ",\"error\":" + Json.quote(error) + "}";
    }

    static boolean isOutcome(String line) {
        return line.equals(OK_LINE) || (line.startsWith(FAILURE) && line.endsWith("}"));
    }

    /** Reads a whole answer, its outcome as the last line. */
    static Answer of(List<String> lines) {
        String outcome = lines.get(lines.size() - 1);
        List<String> rows = lines.subList(0, lines.size() - 1);
        if (outcome.equals(OK_LINE)) {
            return new Answer(rows, 0, "");
        }
        Map<String, Object> failure = Json.parse(outcome);
        return new Answer(
                rows, ((Number) failure.get("status")).intValue(), failure.get("error").toString());
    }
}
