package dev.greeter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import dev.greeter.config.ConfigException;
import dev.greeter.config.ConfigSources;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What one {@code kubectl apply -k} would send. */
public final class Rendered {
    private final String name;
    private final List<Map<?, ?>> documents;
    private final List<HasMetadata> resources;

    Rendered(String name, List<Map<?, ?>> documents) {
        this.name = name;
        this.documents = documents;
        this.resources = documents.stream().map(StrictModel::read).toList();
    }

    List<Map<?, ?>> documents() {
        return documents;
    }

    List<HasMetadata> resources() {
        return resources;
    }

    <T> List<T> all(Class<T> kind) {
        return resources.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public <T extends HasMetadata> Optional<T> named(Class<T> kind, String name) {
        return all(kind).stream()
                .filter(resource -> resource.getMetadata().getName().equals(name))
                .findFirst();
    }

    /** The {@code spec} of a resource, as JSON, which is YAML too. */
    public String spec(HasMetadata resource) {
        return documents.get(resources.indexOf(resource)).get("spec") instanceof Map<?, ?> spec
                ? Json.encode(spec)
                : "{}";
    }

    /** The server's own, which the probe's kustomizations have none of. */
    public Optional<Deployment> server() {
        return named(Deployment.class, "greeter");
    }

    List<PodTemplateSpec> pods() {
        return Stream.of(
                        all(Deployment.class).stream()
                                .map(deployment -> deployment.getSpec().getTemplate()),
                        all(Job.class).stream().map(job -> job.getSpec().getTemplate()),
                        all(CronJob.class).stream()
                                .map(job ->
                                        job.getSpec().getJobTemplate().getSpec().getTemplate()))
                .flatMap(pods -> pods)
                .toList();
    }

    List<PodTemplateSpec> pods(Map<String, String> labels) {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    static List<Container> containers(PodTemplateSpec pod) {
        return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                .toList();
    }

    /** The number that a Service, a probe or a policy means by a port's number or name. */
    static Optional<Integer> port(PodTemplateSpec pod, IntOrString port) {
        return containers(pod).stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(declared -> port.getStrVal() == null
                        ? port.getIntVal().equals(declared.getContainerPort())
                        : port.getStrVal().equals(declared.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst();
    }

    /** The variables of the server's container; what only a running pod has is an example. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (EnvVar variable : container().getEnv()) {
            String value = variable.getValueFrom() == null
                    ? variable.getValue()
                    : Map.of("metadata.name", "greeter-7d9f8c6b5-x2x4z", "status.podIP", "10.244.1.17")
                            .get(variable.getValueFrom().getFieldRef().getFieldPath());
            assertThat(value).as(variable.getName()).isNotNull();
            assertThat(environment.put(variable.getName(), value))
                    .as(variable.getName())
                    .isNull();
        }
        return environment;
    }

    public Container container() {
        return server().orElseThrow().getSpec().getTemplate().getSpec().getContainers().stream()
                .filter(container -> container.getName().equals("greeter"))
                .findFirst()
                .orElseThrow();
    }

    /** Writes the ConfigMap as the pod sees it, and gives the file that the pod is told to read. */
    public Path mount(Path folder) throws IOException {
        ConfigMap map = named(ConfigMap.class, "greeter").orElseThrow();
        for (Map.Entry<String, String> file : map.getData().entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        Path told = Path.of(environment().get("GREETER_CONFIG"));
        Path mounted = Path.of(container().getVolumeMounts().stream()
                .filter(mount -> mount.getName().equals("configuration"))
                .findFirst()
                .orElseThrow()
                .getMountPath());
        return folder.resolve(mounted.relativize(told));
    }

    /** The configuration that the pod starts with. */
    Config configuration(Path folder) throws IOException, ConfigException {
        return new ConfigSources(Optional.of(mount(folder)), environment(), Map.of()).load();
    }

    @Override
    public String toString() {
        return name;
    }
}
