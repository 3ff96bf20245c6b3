// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines that a fuzzer sends to the control socket. */
public final class RequestFuzz {
    private RequestFuzz() {}

    /** Every line gets one whole answer, of lines of which the last is the outcome. */
    public static void fuzzerTestOneInput(byte[] data) {
        String line = new String(data, StandardCharsets.UTF_8);
        List<String> lines = new Dispatcher(new FakeOperations()).answer(line);
        for (String one : lines) {
            assertTrue(one.indexOf('\n') < 0 && one.indexOf('\r') < 0, one);
        }
        if (asksForText(line)) {
            checkText(lines);
        } else {
            checkJson(lines);
        }
    }

    private static boolean asksForText(String line) {
        Request request;
        try {
            request = Request.parse(line);
        } catch (IllegalArgumentException e) {
            assertFalse(e.getMessage().isEmpty());
            return false;
        }
        assertEquals(request, Request.parse(request.format()));
        return request.verb().equals(TextAnswer.WORD);
    }

    private static void checkJson(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String one = lines.get(i);
            assertEquals(i == lines.size() - 1, Answer.isOutcome(one), one);
        }
        Answer answer = Answer.of(lines);
        assertEquals(answer.ok(), answer.error().isEmpty());
        assertFalse(answer.error().startsWith("internal error"), answer.error());
        answer.parsedRows();
    }

    private static void checkText(List<String> lines) {
        int last = lines.size() - 1;
        for (String one : lines.subList(0, last)) {
            assertTrue(one.startsWith(">") || one.startsWith("!"), one);
        }
        assertFalse(lines.get(0).startsWith("!vblade4j: internal error"), lines.get(0));
        assertTrue(lines.get(last).matches("=[0-9]{1,3}"), lines.get(last));
    }
}
