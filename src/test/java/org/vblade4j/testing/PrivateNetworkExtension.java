// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test, with its {@code @BeforeEach} and {@code @AfterEach} methods, on a thread of its
 * own in a fresh {@link PrivateNetwork}, which the methods may take as a parameter. Without the
 * privilege the test fails; it is not skipped.
 *
 * <pre>
 * &#64;Tag("live")
 * &#64;ExtendWith(PrivateNetworkExtension.class)
 * final class SomethingLiveTest {
 *     &#64;Test
 *     void framesArrive(PrivateNetwork network) {
 *         network.veth("vb0", 0x020000000001L, "vb1", 0x020000000002L, 1500);
 * </pre>
 */
public final class PrivateNetworkExtension
        implements BeforeEachCallback, AfterEachCallback, InvocationInterceptor, ParameterResolver {
    private static final ExtensionContext.Namespace KEYS =
            ExtensionContext.Namespace.create(PrivateNetworkExtension.class);

    private record Inside(ExecutorService thread, PrivateNetwork network) {}

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        ExecutorService thread =
                Executors.newSingleThreadExecutor(work -> new Thread(work, "private-network"));
        try {
            PrivateNetwork network = thread.submit(PrivateNetwork::enter).get();
            context.getStore(KEYS).put(Inside.class, new Inside(thread, network));
        } catch (ExecutionException e) {
            thread.shutdown();
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Inside inside = inside(context);
        if (inside != null) {
            inside.thread().submit(inside.network()::close).get();
            inside.thread().shutdown();
        }
    }

    private static Inside inside(ExtensionContext context) {
        return context.getStore(KEYS).get(Inside.class, Inside.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PrivateNetwork.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return inside(context).network();
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        proceedInside(invocation, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        proceedInside(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        proceedInside(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        proceedInside(invocation, context);
    }

    private static void proceedInside(Invocation<Void> invocation, ExtensionContext context)
            throws Throwable {
        try {
            inside(context).thread().submit(() -> proceed(invocation)).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Outcome outcome ? outcome.getCause() : e.getCause();
        }
    }

    private static Void proceed(Invocation<Void> invocation) throws Outcome {
        try {
            return invocation.proceed();
        } catch (Throwable e) { // whatever the test throws, assertion errors included
            throw new Outcome(e);
        }
    }

    /** Carries a test's throwable through the executor. */
    private static final class Outcome extends Exception {
        private static final long serialVersionUID = 1L;

        Outcome(Throwable cause) {
            super(cause);
        }
    }
}
