package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the jar's probes say, and what they say when one of its event loops is blocked: a debugger stops its thread. */
class HealthIT {
    private static final Pattern DEBUGGER = Pattern.compile("Listening for transport dt_socket at address: (\\d+)");
    private static final String UP = "{\"id\":\"%s\",\"status\":\"UP\"}";

    @TempDir
    Path folder;

    @Test
    void livezFailsWhileTheEventLoopOfAnyServerOrOfTheLedgerIsBlocked() throws Exception {
        try (GreeterProcess greeter =
                GreeterProcess.serveInDebugger(folder, "greeting.instances=2", "http.instances=1")) {
            VirtualMachine machine = attach(greeter);
            try {
                List<ThreadReference> loops = machine.allThreads().stream()
                        .filter(thread -> thread.name().startsWith("vert.x-eventloop-thread-"))
                        .toList();
                // the management's, which is to answer for the others, started before them
                for (ThreadReference loop : loops.subList(loops.size() - 4, loops.size())) {
                    loop.suspend();
                    await().until(() -> livez(greeter).statusCode() == 503);
                    assertThat(livez(greeter).body())
                            .isEqualTo("{\"status\":\"DOWN\",\"checks\":[{\"id\":\"event-loop\",\"status\":\"DOWN\","
                                    + "\"data\":{\"blocked\":[\"" + loop.name() + "\"]}}]}");
                    loop.resume();
                    await().until(() -> livez(greeter).statusCode() == 200);
                }
            } finally {
                machine.dispose();
            }
        }
    }

    private static HttpResponse<String> livez(GreeterProcess greeter) throws IOException, InterruptedException {
        return greeter.get(greeter.managementPort(), "/livez");
    }

    private static VirtualMachine attach(GreeterProcess greeter) throws Exception {
        Matcher address = DEBUGGER.matcher(greeter.output());
        assertThat(address.find()).as(greeter.output()).isTrue();
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(candidate -> candidate.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(address.group(1));
        return connector.attach(arguments);
    }

    @Test
    void readyzAsksReadinessAndTheLedger() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            assertThat(greeter.get(greeter.managementPort(), "/readyz").body())
                    .isEqualTo("{\"status\":\"UP\",\"checks\":[" + UP.formatted("ready") + "," + UP.formatted("ledger")
                            + "]}");
            assertThat(greeter.get(greeter.managementPort(), "/startupz").body())
                    .isEqualTo("{\"status\":\"UP\",\"checks\":[" + UP.formatted("started") + "]}");
            assertThat(greeter.get(greeter.httpPort(), "/readyz").statusCode()).isEqualTo(404);
        }
    }
}
