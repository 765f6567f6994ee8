package dev.greeter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Listener;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference;
import io.fabric8.kubernetes.api.model.gatewayapi.v1alpha2.TCPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who reaches whom, and where: Services, policies and routes against the pods and their ports. */
class NetworkTest {
    private static final Map<String, String> SERVER = Map.of(
            "app.kubernetes.io/name", "greeter",
            "app.kubernetes.io/instance", "greeter",
            "app.kubernetes.io/component", "server");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    static List<Rendered> all() {
        return Kustomize.all();
    }

    static List<Rendered> servers() {
        return ConfigurationTest.servers();
    }

    @ParameterizedTest
    @MethodSource("all")
    void sendsAServicesClientsToPortsThatItsPodsDeclare(Rendered rendered) {
        for (Service service : rendered.all(Service.class)) {
            assertThat(rendered.pods(service.getSpec().getSelector()))
                    .as(service.getMetadata().getName())
                    .isNotEmpty()
                    .allSatisfy(pod -> assertThat(service.getSpec().getPorts())
                            .isNotEmpty()
                            .allSatisfy(port -> {
                                assertThat(port.getTargetPort().getStrVal()).isNotNull();
                                assertThat(Rendered.port(pod, port.getTargetPort()))
                                        .contains(port.getPort());
                            }));
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void givesClientsBothProtocols(Rendered rendered) throws Exception {
        Config config = rendered.configuration(folder);
        assertThat(rendered.named(Service.class, "greeter")
                        .orElseThrow()
                        .getSpec()
                        .getPorts())
                .extracting(ServicePort::getPort)
                .containsExactly(config.greeting().port(), config.http().port());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void selectsItsOwnPodsAndNoOthers(Rendered rendered) {
        LabelSelector selector = rendered.server().orElseThrow().getSpec().getSelector();
        assertThat(selector.getMatchLabels()).isEqualTo(SERVER);
        assertThat(rendered.pods(SERVER))
                .containsExactly(rendered.server().orElseThrow().getSpec().getTemplate());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void letsInAndOutWhatItMustAndNothingElse(Rendered rendered) throws Exception {
        Config config = rendered.configuration(folder);
        Set<String> allowed = new TreeSet<>(Set.of(
                "in " + config.greeting().port() + "/TCP anybody",
                "in " + config.http().port() + "/TCP anybody",
                "in " + config.management().port() + "/TCP pods {app.kubernetes.io/name=prometheus} in namespaces {}"));
        if (config.cluster().enabled()) {
            for (int port : List.of(config.cluster().port(), config.cluster().eventBusPort())) {
                allowed.add("in " + port + "/TCP pods " + new TreeMap<>(SERVER));
                allowed.add("out " + port + "/TCP pods " + new TreeMap<>(SERVER));
            }
            for (String protocol : List.of("TCP", "UDP")) {
                allowed.add("out 53/" + protocol
                        + " pods {k8s-app=kube-dns} in namespaces {kubernetes.io/metadata.name=kube-system}");
                allowed.add("out 53/" + protocol + " addresses 169.254.20.10/32");
            }
        }
        PodTemplateSpec pod = rendered.server().orElseThrow().getSpec().getTemplate();
        List<NetworkPolicy> policies = rendered.all(NetworkPolicy.class).stream()
                .filter(policy -> pod.getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(policy.getSpec()
                                .getPodSelector()
                                .getMatchLabels()
                                .entrySet()))
                .toList();
        assertThat(policies)
                .flatExtracting(policy -> policy.getSpec().getPolicyTypes())
                .contains("Ingress", "Egress");
        assertThat(policies).flatExtracting(NetworkTest::allows).containsExactlyInAnyOrderElementsOf(allowed);
    }

    private static List<String> allows(NetworkPolicy policy) {
        return Stream.concat(
                        policy.getSpec().getIngress().stream()
                                .flatMap(rule -> allows("in", rule.getPorts(), rule.getFrom())),
                        policy.getSpec().getEgress().stream()
                                .flatMap(rule -> allows("out", rule.getPorts(), rule.getTo())))
                .toList();
    }

    private static Stream<String> allows(
            String direction, List<NetworkPolicyPort> ports, List<NetworkPolicyPeer> peers) {
        assertThat(ports).as("ports: without them all are allowed").isNotEmpty();
        List<String> who = peers.isEmpty()
                ? List.of("anybody")
                : peers.stream().map(NetworkTest::described).toList();
        return ports.stream()
                .flatMap(port -> who.stream()
                        .map(one ->
                                direction + " " + port.getPort().getValue() + "/" + port.getProtocol() + " " + one));
    }

    private static String described(NetworkPolicyPeer peer) {
        if (peer.getIpBlock() != null) {
            return "addresses " + peer.getIpBlock().getCidr();
        }
        String namespaces = peer.getNamespaceSelector() == null
                ? ""
                : " in namespaces " + new TreeMap<>(peer.getNamespaceSelector().getMatchLabels());
        Map<String, String> pods = new TreeMap<>(peer.getPodSelector().getMatchLabels());
        peer.getPodSelector().getMatchExpressions().forEach(expression -> {
            assertThat(expression.getOperator()).isEqualTo("In");
            pods.put(expression.getKey(), String.join("|", expression.getValues()));
        });
        return "pods " + pods + namespaces;
    }

    @ParameterizedTest
    @MethodSource("servers")
    void routesToServicesThatAreThere(Rendered rendered) {
        record Backend(String service, IntOrString port) {}
        List<Backend> backends = Stream.of(
                        rendered.all(Ingress.class).stream()
                                .flatMap(ingress -> ingress.getSpec().getRules().stream())
                                .flatMap(rule -> rule.getHttp().getPaths().stream())
                                .map(path -> path.getBackend().getService())
                                .map(service -> new Backend(
                                        service.getName(),
                                        new IntOrString(service.getPort().getName()))),
                        rendered.all(HTTPRoute.class).stream()
                                .flatMap(route -> route.getSpec().getRules().stream())
                                .flatMap(rule -> rule.getBackendRefs().stream())
                                .map(backend -> new Backend(backend.getName(), new IntOrString(backend.getPort()))),
                        rendered.all(TCPRoute.class).stream()
                                .flatMap(route -> route.getSpec().getRules().stream())
                                .flatMap(rule -> rule.getBackendRefs().stream())
                                .map(backend -> new Backend(backend.getName(), new IntOrString(backend.getPort()))))
                .flatMap(found -> found)
                .toList();
        assertThat(backends)
                .allSatisfy(backend -> assertThat(rendered.named(Service.class, backend.service())
                                .orElseThrow()
                                .getSpec()
                                .getPorts())
                        .anyMatch(port -> backend.port().getValue().equals(port.getPort())
                                || backend.port().getValue().equals(port.getName())));
    }

    @ParameterizedTest
    @MethodSource("all")
    void scrapesAServiceThatIsThere(Rendered rendered) {
        for (ServiceMonitor monitor : rendered.all(ServiceMonitor.class)) {
            assertThatScraped(rendered, monitor)
                    .satisfies(service -> assertThat(monitor.getSpec().getEndpoints())
                            .isNotEmpty()
                            .allSatisfy(endpoint -> assertThat(service.getSpec().getPorts())
                                    .extracting(ServicePort::getName)
                                    .contains(endpoint.getPort())));
        }
    }

    /** The one Service that the monitor selects. */
    private static ObjectAssert<Service> assertThatScraped(Rendered rendered, ServiceMonitor monitor) {
        Map<String, String> selector = monitor.getSpec().getSelector().getMatchLabels();
        return assertThat(rendered.all(Service.class))
                .filteredOn(
                        service -> service.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                .singleElement();
    }

    /** The port by its name, of a Service that the monitor selects, and no other. */
    @ParameterizedTest
    @MethodSource("servers")
    void scrapesTheManagementPort(Rendered rendered) throws Exception {
        int management = rendered.configuration(folder).management().port();
        for (ServiceMonitor monitor : rendered.all(ServiceMonitor.class)) {
            assertThatScraped(rendered, monitor).satisfies(service -> {
                assertThat(service.getSpec().getSelector()).isEqualTo(SERVER);
                assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
                // the job of the rules and of the dashboard
                assertThat(service.getMetadata().getLabels())
                        .containsEntry(monitor.getSpec().getJobLabel(), "greeter");
                assertThat(monitor.getSpec().getEndpoints()).singleElement().satisfies(endpoint -> {
                    assertThat(endpoint.getPath()).isEqualTo("/metrics");
                    assertThat(service.getSpec().getPorts())
                            .filteredOn(port -> port.getName().equals(endpoint.getPort()))
                            .extracting(ServicePort::getPort)
                            .containsExactly(management);
                });
            });
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void attachesRoutesToListenersThatAreThere(Rendered rendered) {
        List<ParentReference> parents = Stream.concat(
                        rendered.all(HTTPRoute.class).stream()
                                .flatMap(route -> route.getSpec().getParentRefs().stream()),
                        rendered.all(TCPRoute.class).stream()
                                .flatMap(route -> route.getSpec().getParentRefs().stream()))
                .toList();
        assertThat(parents)
                .allSatisfy(parent -> assertThat(rendered.named(Gateway.class, parent.getName())
                                .orElseThrow()
                                .getSpec()
                                .getListeners())
                        .extracting(Listener::getName)
                        .contains(parent.getSectionName()));
        assertThat(parents)
                .hasSameSizeAs(rendered.all(Gateway.class).stream()
                        .flatMap(gateway -> gateway.getSpec().getListeners().stream())
                        .toList());
    }
}
