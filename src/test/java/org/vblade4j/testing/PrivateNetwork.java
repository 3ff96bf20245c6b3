// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.wire.Mac;

/**
 * A network namespace that belongs to one thread and to the threads and processes which that thread
 * starts, with a {@code /sys} that shows it. The machine's own interfaces are not in it and cannot
 * be touched: every method checks that its caller is inside. Use it through {@link
 * PrivateNetworkExtension} or {@link #call}.
 *
 * <p>Threads of pools that were started elsewhere (the common pool, say) are outside. {@code
 * /proc/net} shows what the process' main thread sees; read {@code /proc/thread-self/net}. {@link
 * java.net.NetworkInterface} knows only interfaces that have an IP address.
 */
public final class PrivateNetwork implements AutoCloseable {
    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");
    private static final Path NO_IPV6 = Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6");
    private static final long LINK_UP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private final Path namespace;
    private final Deque<String> links = new ArrayDeque<>();

    private PrivateNetwork(Path namespace) {
        this.namespace = namespace;
    }

    /** What runs inside. */
    @FunctionalInterface
    public interface Body<T> {
        T call(PrivateNetwork network) throws Exception;
    }

    /** Runs the body on a fresh thread in a fresh namespace and waits for its end. */
    public static <T> T call(Body<T> body) throws Exception {
        return onFreshThread(
                () -> {
                    try (PrivateNetwork network = enter()) {
                        return body.call(network);
                    }
                });
    }

    static <T> T onFreshThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "private-network");
        thread.start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Moves the calling thread, for the rest of its life, to a namespace where only lo is up. */
    static PrivateNetwork enter() {
        Path before = currentNamespace();
        check(Libc.unshare(Linux.CLONE_NEWNET | Linux.CLONE_NEWNS), "unshare(CLONE_NEWNET)");
        Path after = currentNamespace();
        if (after.equals(before)) {
            throw new IllegalStateException("unshare(CLONE_NEWNET) changed nothing");
        }
        showOwnSys();
        PrivateNetwork network = new PrivateNetwork(after);
        network.silenceIpv6();
        network.ip("link", "set", "lo", "up");
        return network;
    }

    /** A sysfs shows the network namespace that it was mounted in. */
    private static void showOwnSys() {
        byte[] sysfs = Libc.cString("sysfs");
        long flags = Linux.MS_REC | Linux.MS_PRIVATE;
        check(Libc.mount(null, Libc.cString("/"), null, flags, 0), "mount(MS_PRIVATE)");
        check(Libc.mount(sysfs, Libc.cString("/sys"), sysfs, 0, 0), "mount(/sys)");
    }

    private static void check(int result, String call) {
        if (result != 0) {
            throw new IllegalStateException(
                    call
                            + ": "
                            + Errno.text(Libc.errno())
                            + "; tests tagged live need root (CAP_SYS_ADMIN)");
        }
    }

    /** No router solicitations between the frames of a test. */
    private void silenceIpv6() {
        try {
            if (Files.exists(NO_IPV6)) {
                Files.writeString(NO_IPV6, "1");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two connected interfaces, both up, see {@link Mac} for the addresses. */
    public void veth(String left, long leftMac, String right, long rightMac, int mtuBytes) {
        String mtu = String.valueOf(mtuBytes);
        ip(
                List.of("link", "add", left, "address", Mac.format(leftMac), "mtu", mtu),
                List.of("type", "veth", "peer", "name", right),
                List.of("address", Mac.format(rightMac), "mtu", mtu));
        links.push(left);
        up(left);
        up(right);
        awaitUp(left);
        awaitUp(right);
    }

    /** Administratively up; {@link #awaitUp} waits until frames pass. */
    public void up(String link) {
        ip("link", "set", link, "up");
    }

    public void down(String link) {
        ip("link", "set", link, "down");
    }

    public void changeMtu(String link, int mtuBytes) {
        ip("link", "set", link, "mtu", String.valueOf(mtuBytes));
    }

    public void delete(String link) {
        ip("link", "delete", link);
    }

    /** The carrier comes a moment after both ends are up; frames sent before are lost. */
    @SuppressWarnings("ThreadSleepMillis") // support for live tests: the kernel has its own clock
    public void awaitUp(String link) {
        long start = System.nanoTime();
        while (!ip("-o", "link", "show", "dev", link).contains("state UP")) {
            if (System.nanoTime() - start > LINK_UP_TIMEOUT_NS) {
                throw new IllegalStateException(link + " did not come up");
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Runs iproute2's {@code ip} inside; returns what it printed. */
    public String ip(String... words) {
        return ip(List.of(words));
    }

    @SafeVarargs
    private String ip(List<String>... words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        for (List<String> part : words) {
            command.addAll(part);
        }
        return run(command);
    }

    /** Runs a command inside to its end and returns its output; a failure is an exception. */
    public String run(List<String> command) {
        checkInside();
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            String text = new String(output, StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + ": exit status " + status + ": " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Deletes the interfaces made here. The namespace ends with the last thread in it, which may be
     * one of the JVM's own that happened to be started from here.
     */
    @Override
    public void close() {
        while (!links.isEmpty()) {
            String link = links.pop();
            try {
                if (exists(link)) {
                    delete(link);
                }
            } catch (IllegalStateException e) {
                if (exists(link)) { // else its peer's namespace has just ended, and taken it along
                    throw e;
                }
            }
        }
    }

    private boolean exists(String link) {
        return ip("-o", "link").contains(": " + link + "@");
    }

    private void checkInside() {
        if (!currentNamespace().equals(namespace)) {
            throw new IllegalStateException(
                    "called from outside the namespace, by " + Thread.currentThread().getName());
        }
    }

    private static Path currentNamespace() {
        try {
            return Files.readSymbolicLink(NAMESPACE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
