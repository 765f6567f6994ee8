package dev.greeter.cli.probe;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the signals that end a process do instead, until this is closed. A shutdown hook learns of the first one only. The
 * class that the JDK has for it is in {@code jdk.unsupported}, and a compiler warns of it wherever it is named; so it is
 * named by reflection here.
 */
final class Signals implements AutoCloseable {
    private static final List<String> ENDING = List.of("INT", "TERM", "HUP");

    /** What each did before. */
    private final Map<Object, Object> before = new LinkedHashMap<>();

    /** @param task is run for each, by a thread of the JVM's */
    Signals(Runnable task) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            task.run();
                            return null;
                        }
                        return method.getName().equals("equals")
                                ? (Object) (self == args[0])
                                : (Object) System.identityHashCode(self);
                    });
            for (String name : ENDING) {
                Object signal = signalClass().getConstructor(String.class).newInstance(name);
                try {
                    before.put(signal, handle(signal, handling));
                } catch (InvocationTargetException taken) {
                    // by the JVM's own options: it ends the process as it always does
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        before.forEach((signal, handler) -> {
            try {
                handle(signal, handler);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
        before.clear();
    }

    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        Method handle = signalClass().getMethod("handle", signalClass(), Class.forName("sun.misc.SignalHandler"));
        return handle.invoke(null, signal, handler);
    }

    private static Class<?> signalClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.Signal");
    }
}
