// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.vblade4j.initiator.Discovery;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.wire.Mac;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "discover",
        description = "Print the targets that answer on an interface, a line each.")
final class DiscoverCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private InitiatorPort network;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long to listen for answers; default ${DEFAULT-VALUE}.")
    private double timeoutSeconds;

    @Option(names = "--json", description = ControlCommand.JSON_HELP)
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (!(timeoutSeconds > 0 && timeoutSeconds <= 3600)) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout " + timeoutSeconds + ", expected 0 to 3600 s");
        }
        List<FoundTarget> found;
        try (EthernetPort port = network.open()) {
            long timeoutNs = (long) (timeoutSeconds * TimeUnit.SECONDS.toNanos(1));
            found = new Discovery(port, System::nanoTime).run(timeoutNs);
        }
        for (FoundTarget target : found) {
            spec.commandLine().getOut().println(json ? object(target) : line(target));
        }
        if (found.isEmpty() && !json) {
            spec.commandLine().getErr().println("no target answers on " + network.name());
        }
        return ExitStatus.OK.code();
    }

    private String line(FoundTarget target) {
        return String.format(
                "%-10s %s  %s  %d buffers, %d sectors a request%s",
                target.address(),
                Mac.format(target.mac()),
                network.name(),
                target.bufferCount(),
                target.maxSectors(),
                target.configString().isEmpty() ? "" : ", \"" + printable(target) + '"');
    }

    private static String printable(FoundTarget target) {
        return target.configString()
                .chars()
                .mapToObj(c -> c < ' ' || c > '~' ? "?" : Character.toString(c))
                .collect(Collectors.joining());
    }

    private String object(FoundTarget target) {
        Map<String, Object> values =
                Map.of(
                        "address", target.address().toString(),
                        "interface", network.name(),
                        "mac", Mac.format(target.mac()),
                        "buffers", target.bufferCount(),
                        "firmware", target.firmware(),
                        "max_sectors", target.maxSectors(),
                        "config", target.configString());
        return ConfigValueFactory.fromMap(values).render(ConfigRenderOptions.concise());
    }
}
