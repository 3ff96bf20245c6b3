// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.Interruption;
import org.vblade4j.control.SocketFile;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.nbd.NbdAccess;
import org.vblade4j.nbd.NbdExport;
import org.vblade4j.nbd.NbdServer;
import org.vblade4j.text.Printable;
import org.vblade4j.wire.AoeAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lends a target to NBD clients. */
@Command(
        name = "nbd",
        description = {
            "Serve a target as a network block device, for qemu, nbdcopy, nbdinfo, nbdfuse and"
                    + " nbd-client, until a signal comes.",
            "Without --socket it listens on TCP, on 127.0.0.1 unless --bind says otherwise. NBD asks"
                    + " nobody for a password: any user of this host can read and write the disk"
                    + " there, unless --tls-ca asks for certificates. With --socket only root and"
                    + " you can. The export's name is eSHELF.SLOT or empty."
        })
public final class NbdCommand implements Callable<Integer> {
    private static final int USUAL_PORT = 10809;
    private static final int BACKLOG = 64;
    private static final int PAGE_BYTES = 4096;
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(5);

    @Spec private CommandSpec spec;

    @Mixin private NbdNetworkOptions network;

    @Mixin private NbdAccessOptions accessOptions;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Listen on a Unix socket, mode 0600; one that a dead server left goes.")
    private Path socket;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Listen on this TCP port; default " + USUAL_PORT + ".")
    private Integer port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "Listen on this address of the host; default 127.0.0.1.")
    private String bind;

    @Option(
            names = {"-r", "--read-only"},
            description = "Take no writes.")
    private boolean readOnly;

    @Option(names = "--once", description = "End when a client has come and the last one has gone.")
    private boolean once;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "Answer with an error when the target was silent for so long; default"
                            + " ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    @Option(names = "--json", description = "Print where it listens as a JSON object on a line.")
    private boolean json;

    @Parameters(paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    private volatile boolean stopping;

    @Override
    public Integer call() throws IOException {
        checkUsage();
        DiskSettings usual = DiskSettings.DEFAULTS;
        DiskSettings settings =
                new DiskSettings(
                        usual.window(),
                        usual.minTimeoutNs(),
                        usual.maxTimeoutNs(),
                        TimeUnit.SECONDS.toNanos(timeoutSeconds));
        NbdAccess tcpAccess = socket == null ? accessOptions.access(null, this::warn) : null;
        try (TargetDisk target = TargetDisk.open(network, address, settings)) {
            if (socket == null) {
                try (ServerSocketChannel listener = ServerSocketChannel.open()) {
                    listener.bind(tcp(), BACKLOG);
                    InetSocketAddress at = (InetSocketAddress) listener.getLocalAddress();
                    warnOfEverybody(at);
                    return serve(target, listener, tcpAccess, uri(at));
                }
            }
            try (SocketFile file = listenOnSocket()) {
                NbdAccess access = accessOptions.access(Files.getOwner(socket), this::warn);
                return serve(target, file.channel(), access, unixUri());
            }
        }
    }

    private SocketFile listenOnSocket() throws IOException {
        return accessOptions.everybodyMayTry()
                ? SocketFile.listenToEverybody(socket)
                : SocketFile.listen(socket);
    }

    private void warn(String message) {
        spec.commandLine().getErr().println("aoe: " + Printable.text(message));
        spec.commandLine().getErr().flush();
    }

    private void warnOfEverybody(InetSocketAddress at) {
        if (!accessOptions.clientsShowCertificate()) {
            String who =
                    at.getAddress().isLoopbackAddress()
                            ? "any user of this host"
                            : "whoever reaches " + at.getAddress().getHostAddress();
            warn(
                    who
                            + " can read "
                            + (readOnly ? "" : "and write ")
                            + address
                            + " at port "
                            + at.getPort()
                            + "; --socket and --tls-ca restrict that");
        }
    }

    private void checkUsage() {
        if (socket != null && (port != null || bind != null)) {
            throw usage("--socket goes without --port and --bind");
        }
        String mistake = accessOptions.mistake(socket != null);
        if (mistake != null) {
            throw usage(mistake);
        }
        if (port != null && (port < 0 || port > 0xffff)) {
            throw usage("--port " + port + ", expected 1 to 65535, or 0 for any free one");
        }
        if (timeoutSeconds < 1) {
            throw usage("--timeout " + timeoutSeconds + ", expected 1 or more");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private InetSocketAddress tcp() throws IOException {
        try {
            InetAddress host =
                    bind == null
                            ? InetAddress.getByAddress(new byte[] {127, 0, 0, 1})
                            : InetAddress.getByName(bind);
            return new InetSocketAddress(host, port == null ? USUAL_PORT : port);
        } catch (UnknownHostException e) {
            throw new IOException("--bind " + bind + ": no such address", e);
        }
    }

    private String uri(InetSocketAddress at) {
        String host = at.getAddress().getHostAddress();
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return scheme("") + "://" + bracketed + ":" + at.getPort() + "/" + address;
    }

    private String unixUri() {
        return scheme("+unix") + ":///" + address + "?socket=" + socket.toAbsolutePath();
    }

    private String scheme(String family) {
        return (accessOptions.secure() ? "nbds" : "nbd") + family;
    }

    private int serve(
            TargetDisk target, ServerSocketChannel listener, NbdAccess access, String uri) {
        int block = Math.max(PAGE_BYTES, target.disk().traits().physicalBlockBytes());
        String description =
                "AoE target " + address + ", " + Printable.bytes(target.disk().identity().model());
        NbdExport export = new NbdExport(address.toString(), description, readOnly, block);
        RemoteDisk disk = target.disk();
        try (NbdServer server = new NbdServer(listener, export, access, disk, disk::wakeUp)) {
            Interruption signals =
                    Interruption.stopping(
                            () -> {
                                stopping = true;
                                disk.wakeUp();
                            });
            server.start();
            announce(target, uri);
            while (!stopping && disk.failure().isEmpty() && !(once && hadItsClients(server))) {
                work(target, server);
            }
            server.stop();
            long startNs = System.nanoTime();
            while (server.clients() > 0 && System.nanoTime() - startNs < DRAIN_NS) {
                work(target, server);
            }
            target.explain(spec.commandLine().getErr());
            ExitStatus status = disk.failure().isEmpty() ? ExitStatus.OK : ExitStatus.REFUSED;
            return signals.status(status.code());
        }
    }

    private static boolean hadItsClients(NbdServer server) {
        return server.acceptedClients() > 0 && server.clients() == 0;
    }

    private static void work(TargetDisk target, NbdServer server) {
        if (server.poll() + target.disk().poll() == 0 && server.mayWait()) {
            target.disk().await(WAIT_NS);
        }
    }

    private void announce(TargetDisk target, String uri) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("target", address.toString());
            values.put("uri", uri);
            values.put("bytes", target.disk().sectors() * ByteSize.SECTOR_BYTES);
            values.put("read_only", readOnly);
            out.println(CopyResult.json(values));
        } else {
            long bytes = target.disk().sectors() * ByteSize.SECTOR_BYTES;
            out.println(address + ": " + ByteSize.text(bytes) + " at " + Printable.text(uri));
        }
        out.flush();
    }
}
