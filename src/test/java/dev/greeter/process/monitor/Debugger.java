package dev.greeter.process.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import dev.greeter.testing.GreeterProcess;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stops single threads of a process that was started with {@link GreeterProcess#serveInDebugger}. */
final class Debugger implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("Listening for transport dt_socket at address: (\\d+)");

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

    /** Resumes all threads and detaches. */
    @Override
    public void close() {
        machine.dispose();
    }
}
