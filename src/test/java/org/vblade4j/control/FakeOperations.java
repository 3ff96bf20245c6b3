// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Notes what it was asked; answers with one export named "one". */
class FakeOperations implements Operations {
    final Queue<String> calls = new ConcurrentLinkedQueue<>();

    @Override
    public void start(List<String> names) throws OperationException {
        calls.add("start " + names);
    }

    @Override
    public void startWith(String name, String line) throws OperationException {
        calls.add("startWith " + name + "|" + line);
    }

    @Override
    public void stop(List<String> names) throws OperationException {
        calls.add("stop " + names);
    }

    @Override
    public void restart(List<String> names) throws OperationException {
        calls.add("restart " + names);
    }

    @Override
    public List<Map<String, Object>> reload(List<String> names) throws OperationException {
        calls.add("reload " + names);
        return List.of(Map.of("name", "one", "result", "unchanged"));
    }

    @Override
    public List<Map<String, Object>> status(List<String> names) throws OperationException {
        calls.add("status " + names);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", "one");
        row.put("state", "started");
        row.put("sectors", 1L << 40);
        row.put("counters", new LinkedHashMap<>(Map.of("reads", 7)));
        row.put("error", "no \"such\" thing\n\u00e9");
        return List.of(row);
    }

    @Override
    public List<Map<String, Object>> clients(List<String> names) {
        calls.add("clients " + names);
        return List.of(Map.of("name", "one", "mac", "02:00:00:00:00:0a"));
    }

    @Override
    public List<String> dump() {
        calls.add("dump");
        return List.of("config_one=\"0 1 eth0 /dev/sdb\"");
    }

    /** Finds fault with the line, whose every character is in what it says. */
    @Override
    public List<Map<String, Object>> checkLine(String name, String line) {
        calls.add("checkLine " + name + "|" + line);
        return List.of(Map.of("warning", name), Map.of("problem", line));
    }

    @Override
    public void shutdown() {
        calls.add("shutdown");
    }
}
