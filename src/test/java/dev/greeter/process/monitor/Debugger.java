package dev.greeter.process.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ClassType;
import com.sun.jdi.Location;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import dev.greeter.testing.GreeterProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stops single threads, or makes them fail, in a process that was started with {@link GreeterProcess#serveInDebugger}. */
final class Debugger implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("Listening for transport dt_socket at address: (\\d+)");

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final VirtualMachine machine;

    private Debugger(VirtualMachine machine) {
        this.machine = machine;
    }

    static Debugger attach(GreeterProcess greeter) throws Exception {
        Matcher address = ADDRESS.matcher(greeter.output());
        assertThat(address.find()).as(greeter.output()).isTrue();
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(candidate -> candidate.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(address.group(1));
        return new Debugger(connector.attach(arguments));
    }

    /** The event loops in the order of their start: the management's, which is to answer for the others, is before them. */
    List<ThreadReference> eventLoops() {
        return machine.allThreads().stream()
                .filter(thread -> thread.name().startsWith("vert.x-eventloop-thread-"))
                .toList();
    }

    interface Act {
        void run() throws Exception;
    }

    /** Throws an exception into the threads that enter this method from the act on, so many times. */
    void throwAtEntry(String type, String method, int times, Act act) throws Exception {
        Location entry =
                machine.classesByName(type).get(0).methodsByName(method).get(0).location();
        BreakpointRequest breakpoint = machine.eventRequestManager().createBreakpointRequest(entry);
        breakpoint.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        breakpoint.enable();
        act.run();
        for (int left = times; left > 0; ) {
            EventSet events = machine.eventQueue().remove(PATIENCE.toMillis());
            assertThat(events).as("entered").isNotNull();
            for (Event event : events) {
                if (event instanceof BreakpointEvent reached) {
                    ThreadReference thread = reached.thread();
                    if (--left == 0) {
                        breakpoint.disable();
                    }
                    thread.stop(exception(thread));
                }
            }
            events.resume();
        }
    }

    private ObjectReference exception(ThreadReference thread) throws Exception {
        ClassType type = (ClassType)
                machine.classesByName(IllegalStateException.class.getName()).get(0);
        return type.newInstance(
                thread, type.concreteMethodByName("<init>", "()V"), List.of(), ObjectReference.INVOKE_SINGLE_THREADED);
    }

    /** Resumes all threads and detaches, if the process still runs. */
    @Override
    public void close() {
        try {
            machine.dispose();
        } catch (VMDisconnectedException ended) {
            // nothing is left to resume
        }
    }
}
