// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.lang.reflect.Proxy;

/**
 * What the process does on a signal. The JDK offers this only as {@code sun.misc.Signal} (module
 * jdk.unsupported, in every JDK since 9); it is reached by reflection because naming it is a
 * compiler warning that cannot be silenced.
 */
public final class Signals {
    private Signals() {}

    /**
     * From now on runs the action, on a thread of its own, whenever the signal arrives. A signal
     * that was ignored when the JVM started (INT of a background process) stays ignored.
     *
     * @param name without SIG: INT, TERM or HUP
     */
    public static void handle(String name, Runnable action) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object handler =
                    Proxy.newProxyInstance(
                            handlerClass.getClassLoader(),
                            new Class<?>[] {handlerClass},
                            (proxy, method, arguments) -> answer(proxy, method.getName(), action));
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            signalClass
                    .getMethod("handle", signalClass, handlerClass)
                    .invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot handle signal " + name, e);
        }
    }

    private static Object answer(Object proxy, String method, Runnable action) {
        return switch (method) {
            case "handle" -> {
                action.run();
                yield null;
            }
            case "toString" -> "signal handler";
            case "hashCode" -> System.identityHashCode(proxy);
            default -> false;
        };
    }
}
