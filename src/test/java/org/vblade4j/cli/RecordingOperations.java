// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vblade4j.control.OperationException;
import org.vblade4j.control.Operations;

/** A supervisor that only remembers what it was asked, and answers as it is told. */
final class RecordingOperations implements Operations {
    final List<String> calls = new ArrayList<>();
    final List<Map<String, Object>> rows = new ArrayList<>();
    OperationException refusal;

    static Map<String, Object> row(String name, String state, Object... more) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("state", state);
        row.put("address", "e0.1");
        row.put("interface", "eth0");
        row.put("device", "/dev/sdb1");
        for (int i = 0; i < more.length; i += 2) {
            row.put((String) more[i], more[i + 1]);
        }
        return row;
    }

    private void called(String call) throws OperationException {
        calls.add(call);
        if (refusal != null) {
            throw refusal;
        }
    }

    @Override
    public void start(List<String> names) throws OperationException {
        called("start " + names);
    }

    @Override
    public void startWith(String name, String line) throws OperationException {
        called("start " + name + " with " + line);
    }

    @Override
    public void stop(List<String> names) throws OperationException {
        called("stop " + names);
    }

    @Override
    public void restart(List<String> names) throws OperationException {
        called("restart " + names);
    }

    @Override
    public List<Map<String, Object>> reload(List<String> names) throws OperationException {
        called("reload " + names);
        return rows;
    }

    @Override
    public List<Map<String, Object>> status(List<String> names) throws OperationException {
        called("status " + names);
        return rows;
    }

    @Override
    public List<Map<String, Object>> clients(List<String> names) throws OperationException {
        called("clients " + names);
        return rows;
    }

    @Override
    public List<String> dump() {
        calls.add("dump");
        return List.of("config_a=\"0 1 eth0 /dev/sdb1\"");
    }

    @Override
    public List<Map<String, Object>> checkFiles(String confd, String settings) {
        calls.add("check " + confd + " " + settings);
        return rows;
    }

    @Override
    public List<Map<String, Object>> checkSystem(String confd, String settings) {
        calls.add("check system " + confd + " " + settings);
        return rows;
    }

    @Override
    public List<Map<String, Object>> checkLine(String name, String line) {
        calls.add("check " + name + " " + line);
        return rows;
    }

    @Override
    public void shutdown() {
        calls.add("shutdown");
    }
}
