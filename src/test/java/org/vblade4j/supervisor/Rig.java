// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.vblade4j.config.ConfigException;
import org.vblade4j.control.OperationException;

/** A supervisor on a virtual clock with fake exports; each command is done when it returns. */
final class Rig implements AutoCloseable {
    static final Timeouts TIMEOUTS = new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(10));

    final VirtualScheduler clock = new VirtualScheduler();
    final FakeExports exports = new FakeExports();
    final Path directory;
    final Supervisor supervisor;

    Rig(Path directory, FakeSource source) throws IOException, ConfigException {
        this.directory = directory;
        this.supervisor = Supervisor.open(directory, source, exports, clock, TIMEOUTS);
    }

    Map<String, Object> row(String name) throws OperationException {
        return supervisor.status(List.of(name)).get(0);
    }

    String state(String name) throws OperationException {
        return (String) row(name).get("state");
    }

    String stateFile(String name) throws IOException {
        return Files.readString(directory.resolve(name + ".state"));
    }

    String desiredFile(String name) throws IOException {
        return Files.readString(directory.resolve("desired").resolve(name));
    }

    @Override
    public void close() {
        supervisor.close();
    }
}
