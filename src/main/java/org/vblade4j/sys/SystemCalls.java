// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The system calls that a confined process may make: the file {@code system-calls} beside this. */
final class SystemCalls {
    private static final String FILE = "system-calls";
    private static final String NONE = "-";

    private SystemCalls() {}

    /**
     * Numbers by name, in the order of the file.
     *
     * @param column 1 for x86-64, 2 for aarch64
     */
    static Map<String, Integer> read(int column) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        try (InputStream in = SystemCalls.class.getResourceAsStream(FILE);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty() && line.charAt(0) != '#') {
                    String[] words = line.split(" ");
                    if (!words[column].equals(NONE)) {
                        numbers.put(words[0], Integer.valueOf(words[column]));
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the list of system calls cannot be read", e);
        }
        return numbers;
    }
}
