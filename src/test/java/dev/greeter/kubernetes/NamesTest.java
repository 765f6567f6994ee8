package dev.greeter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever installs it may rename all of it: every name that refers to something goes with what it refers to. */
class NamesTest {
    private static final String RENAMED = "namePrefix: team-\nnameSuffix: -suf\nnamespace: elsewhere\n";

    /** Where a name stands, and of what kind the thing is that it names. */
    private static final Map<String, String> REFERENCES = Map.ofEntries(
            Map.entry("Certificate spec.commonName", "Certificate"),
            Map.entry("Certificate spec.dnsNames", "Certificate"),
            Map.entry("Certificate spec.issuerRef.name", "Issuer"),
            Map.entry("Certificate spec.secretName", "Certificate"),
            Map.entry("Deployment spec.template.spec.containers.env.value", "Service"),
            Map.entry("Deployment spec.template.spec.priorityClassName", "PriorityClass"),
            Map.entry("Deployment spec.template.spec.serviceAccountName", "ServiceAccount"),
            Map.entry("Deployment spec.template.spec.volumes.configMap.name", "ConfigMap"),
            Map.entry("Deployment spec.template.spec.volumes.secret.secretName", "Certificate"),
            Map.entry("HTTPRoute spec.parentRefs.name", "Gateway"),
            Map.entry("HTTPRoute spec.rules.backendRefs.name", "Service"),
            Map.entry("HorizontalPodAutoscaler spec.scaleTargetRef.name", "Deployment"),
            Map.entry("Ingress spec.rules.http.paths.backend.service.name", "Service"),
            Map.entry("Issuer spec.ca.secretName", "Certificate"),
            Map.entry("Job spec.template.spec.containers.env.value", "Service"),
            Map.entry("Job spec.template.spec.serviceAccountName", "ServiceAccount"),
            Map.entry("Job spec.template.spec.volumes.secret.secretName", "Certificate"),
            Map.entry("ServiceMonitor spec.endpoints.tlsConfig.ca.secret.name", "Certificate"),
            Map.entry("ServiceMonitor spec.endpoints.tlsConfig.serverName", "Certificate"),
            Map.entry("TCPRoute spec.parentRefs.name", "Gateway"),
            Map.entry("TCPRoute spec.rules.backendRefs.name", "Service"));

    /** Where what looks like a name is none of a resource. */
    private static final Set<String> NO_REFERENCES = Set.of(
            "Deployment spec.template.metadata.annotations.kubectl.kubernetes.io/default-container",
            "Deployment spec.template.spec.containers.image",
            "Deployment spec.template.spec.containers.name",
            "Job spec.template.spec.containers.image",
            "PrometheusRule spec.groups.name");

    private static final Pattern LABEL =
            Pattern.compile(".*(labels|matchLabels|selector)" + "\\.app\\.kubernetes\\.io/(name|component|instance)");

    private static final Pattern JOB = Pattern.compile("\\bjob=\"([^\"]*)\"");

    @TempDir
    Path folder;

    @Test
    void goWithAPrefixASuffixAndANamespace() throws Exception {
        assertThatNamesAreThere(Kustomize.withProbe(folder, RENAMED), "team-", "-suf");
    }

    @Test
    void goWithThemFromFartherOutside() throws Exception {
        assertThatNamesAreThere(Kustomize.withProbeFromOutside(folder, RENAMED), "team-", "-suf");
    }

    @Test
    void areThereAsTheyStand() throws Exception {
        assertThatNamesAreThere(Kustomize.withProbe(folder, "namespace: elsewhere\n"), "", "");
    }

    private static void assertThatNamesAreThere(List<Rendered> all, String prefix, String suffix) {
        Set<String> seen = new TreeSet<>();
        for (Rendered rendered : all) {
            Map<String, Set<String>> names = names(rendered);
            Set<String> anyNames = names.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
            assertThat(anyNames).allMatch(name -> name.startsWith(prefix + "greeter") && name.endsWith(suffix));
            Set<String> plain = anyNames.stream()
                    .map(name -> name.substring(prefix.length(), name.length() - suffix.length()))
                    .collect(Collectors.toSet());
            for (Map<?, ?> document : rendered.documents()) {
                scalars(document, (path, text) -> {
                    String place = document.get("kind") + " " + path;
                    String kind = REFERENCES.get(place);
                    if (kind != null && (anyNames.contains(text) || plain.contains(text))) {
                        assertThat(names.get(kind)).as(rendered + ": " + place).contains(text);
                        seen.add(place);
                    } else if (!path.equals("metadata.name") && !isNoReference(place)) {
                        assertThat(anyNames).as(rendered + ": " + place).doesNotContain(text);
                        assertThat(plain).as(rendered + ": " + place).doesNotContain(text);
                        // as part of an address or of a URL
                        assertThat(text)
                                .as(rendered + ": " + place)
                                .doesNotContainPattern("(^|//|@)greeter[a-z-]*(:\\d|/|\\.svc)");
                    }
                });
                assertThat(((Map<?, ?>) document.get("metadata")).get("namespace"))
                        .isEqualTo(document.get("kind").equals("PriorityClass") ? null : "elsewhere");
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(REFERENCES.keySet());
    }

    private static boolean isNoReference(String place) {
        return NO_REFERENCES.contains(place) || LABEL.matcher(place).matches();
    }

    private static Map<String, Set<String>> names(Rendered rendered) {
        return rendered.resources().stream()
                .collect(Collectors.groupingBy(
                        resource -> resource.getKind(),
                        TreeMap::new,
                        Collectors.mapping(resource -> resource.getMetadata().getName(), Collectors.toSet())));
    }

    /** The alerts and the dashboard ask for one job, which is a label's value and no name. */
    @Test
    void ofJobsAreThoseOfTheMonitor() throws Exception {
        for (Rendered rendered : Kustomize.withProbe(folder, RENAMED)) {
            List<String> jobs = new ArrayList<>();
            for (Map<?, ?> document : rendered.documents()) {
                scalars(document, (path, text) -> {
                    for (Matcher job = JOB.matcher(text.replace("\\\"", "\"")); job.find(); ) {
                        jobs.add(job.group(1));
                    }
                });
            }
            assertThat(jobs).hasSizeGreaterThan(10).containsOnly("greeter");
        }
    }

    /**
     * Two installations in one namespace: neither may send to, watch or let in pods of the other. A selector matches all pods that
     * have its labels, and maybe more, so both installations need the label.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leaveTwoInstallationsApartByALabel(boolean outside) throws Exception {
        String label = "labels: [{pairs: {app.kubernetes.io/instance: team}, includeSelectors: true}]\n";
        assertInstance("greeter", render(outside, "namespace: elsewhere\n"));
        assertInstance("team", render(outside, RENAMED + label));
    }

    private List<Rendered> render(boolean outside, String lines) throws Exception {
        return outside ? Kustomize.withProbeFromOutside(folder, lines) : Kustomize.withProbe(folder, lines);
    }

    private static void assertInstance(String instance, List<Rendered> all) {
        for (Rendered rendered : all) {
            for (Map<?, ?> document : rendered.documents()) {
                maps("", document, (path, map) -> {
                    if ("greeter".equals(map.get("app.kubernetes.io/name"))) {
                        assertThat(map.get("app.kubernetes.io/instance"))
                                .as(rendered + ": " + document.get("kind") + " " + path)
                                .isEqualTo(instance);
                    } else if (!path.equals("metadata.labels")) {
                        assertThat(map.containsKey("app.kubernetes.io/instance"))
                                .as(rendered + ": " + document.get("kind") + " " + path + " " + map)
                                .isFalse();
                    }
                });
            }
        }
    }

    private static void scalars(Map<?, ?> document, BiConsumer<String, String> visit) {
        maps("", document, (path, map) -> map.forEach((key, value) -> scalar(join(path, key), value, visit)));
    }

    private static void scalar(String path, Object value, BiConsumer<String, String> visit) {
        if (value instanceof String text) {
            visit.accept(path, text);
        } else if (value instanceof List<?> list) {
            list.forEach(each -> scalar(path, each, visit));
        }
    }

    private static void maps(String path, Object node, BiConsumer<String, Map<?, ?>> visit) {
        if (node instanceof Map<?, ?> map) {
            visit.accept(path, map);
            map.forEach((key, value) -> maps(join(path, key), value, visit));
        } else if (node instanceof List<?> list) {
            list.forEach(each -> maps(path, each, visit));
        }
    }

    private static String join(String path, Object key) {
        return path.isEmpty() ? key.toString() : path + "." + key;
    }
}
