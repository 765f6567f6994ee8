package dev.greeter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import dev.greeter.config.Tls;
import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.certmanager.api.model.v1.CertificateSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The component {@code tls}: with it, all ports and all that asks them speak TLS; without it, none does. */
class TlsTest {
    /** What {@code src/docs/SECURITY.md} shows for clusters without cert-manager. */
    private static final String WITHOUT_CERT_MANAGER = """
            patches:
              - target: {group: cert-manager.io}
                patch: "{$patch: delete, apiVersion: cert-manager.io/v1, kind: any, metadata: {name: any}}"
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    static List<Rendered> servers() {
        return ConfigurationTest.servers();
    }

    private static boolean hasTls(Rendered rendered) {
        return rendered.toString().contains("+tls");
    }

    private static CertificateSpec certificate(Rendered rendered, String name) {
        return rendered.named(Certificate.class, name).orElseThrow().getSpec();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void takesTheCertificateOfThePortsFromItsSecret(Rendered rendered) throws Exception {
        Config config = rendered.configuration(folder);
        Tls none = new Tls("", "", "", List.of());
        // no trust: neither the kubelet nor Prometheus has a certificate
        Tls files = new Tls("/etc/greeter-tls/tls.crt", "/etc/greeter-tls/tls.key", "", List.of());
        assertThat(List.of(
                        config.greeting().tls(),
                        config.http().tls(),
                        config.management().tls()))
                .containsOnly(hasTls(rendered) ? files : none);
        if (hasTls(rendered)) {
            CertificateSpec server = certificate(rendered, "greeter");
            assertThat(server.getUsages()).containsExactly("server auth");
            assertThat(server.getDnsNames()).contains("greeter");
            assertThat(server.getPrivateKey().getEncoding()).isEqualTo("PKCS8");
            assertThat(volume(rendered, "/etc/greeter-tls").getSecret().getSecretName())
                    .isEqualTo(server.getSecretName());
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void takesTheCertificateOfAMemberFromItsSecret(Rendered rendered) throws Exception {
        Config.Cluster.BusTls tls = rendered.configuration(folder).cluster().tls();
        assertThat(tls.enabled()).isEqualTo(hasTls(rendered));
        if (!hasTls(rendered)) {
            return;
        }
        assertThat(List.of(tls.certificate(), tls.key(), tls.trust()))
                .containsExactly(
                        "/etc/greeter-members/tls.crt", "/etc/greeter-members/tls.key", "/etc/greeter-members/ca.crt");
        CertificateSpec member = certificate(rendered, "greeter-members");
        assertThat(member.getUsages()).contains("server auth", "client auth");
        assertThat(member.getPrivateKey().getEncoding()).isEqualTo("PKCS8");
        assertThat(volume(rendered, "/etc/greeter-members").getSecret().getSecretName())
                .isEqualTo(member.getSecretName());
    }

    /** A file that is mounted by its own path never changes, and a key is its group's only. */
    private static Volume volume(Rendered rendered, String path) {
        PodTemplateSpec pod = rendered.server().orElseThrow().getSpec().getTemplate();
        assertThat(pod.getSpec().getSecurityContext().getFsGroup()).isPositive();
        String name = rendered.container().getVolumeMounts().stream()
                .filter(mount -> mount.getMountPath().equals(path) && mount.getSubPath() == null)
                .findFirst()
                .orElseThrow()
                .getName();
        Volume volume = pod.getSpec().getVolumes().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(volume.getSecret().getDefaultMode()).isEqualTo(0440);
        return volume;
    }

    @ParameterizedTest
    @MethodSource("servers")
    void isAskedByTheKubeletOverWhatItSpeaks(Rendered rendered) {
        Container container = rendered.container();
        assertThat(Stream.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe()))
                .allSatisfy(probe ->
                        assertThat(probe.getHttpGet().getScheme()).isEqualTo(hasTls(rendered) ? "HTTPS" : null));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void isScrapedAndRoutedToOverWhatItSpeaks(Rendered rendered) {
        String scheme = hasTls(rendered) ? "https" : "http";
        assertThat(rendered.all(Service.class).stream()
                        .flatMap(service -> service.getSpec().getPorts().stream())
                        .filter(port -> List.of("http", "management").contains(port.getName())))
                .isNotEmpty()
                .extracting(ServicePort::getAppProtocol)
                .containsOnly(scheme);
        assertThat(rendered.all(ServiceMonitor.class))
                .flatExtracting(monitor -> monitor.getSpec().getEndpoints())
                .filteredOn(endpoint -> endpoint.getPort().equals("management"))
                .allSatisfy(endpoint -> {
                    assertThat(endpoint.getScheme()).isEqualTo(hasTls(rendered) ? "https" : null);
                    if (hasTls(rendered)) {
                        assertThat(certificate(rendered, "greeter").getDnsNames())
                                .contains(endpoint.getTlsConfig().getServerName());
                        assertThat(endpoint.getTlsConfig().getCa().getSecret().getName())
                                .isEqualTo(certificate(rendered, "greeter").getSecretName());
                        assertThat(endpoint.getTlsConfig().getInsecureSkipVerify())
                                .isNull();
                    }
                });
        assertThat(rendered.all(Ingress.class))
                .allSatisfy(ingress -> assertThat(
                                String.valueOf(ingress.getMetadata().getAnnotations()))
                        .isEqualTo(hasTls(rendered) ? "{nginx.ingress.kubernetes.io/backend-protocol=HTTPS}" : "{}"));
    }

    /** The watch and the job have the authority's certificate, and not the key beside it. */
    @Test
    void isProbedOverTls() throws Exception {
        for (Rendered rendered : Kustomize.withProbe(folder, "")) {
            List<PodTemplateSpec> probes = rendered.pods().stream()
                    .filter(pod -> pod.getMetadata()
                            .getLabels()
                            .get("app.kubernetes.io/component")
                            .startsWith("probe"))
                    .toList();
            assertThat(probes).hasSize(2).allSatisfy(pod -> {
                assertThat(Rendered.containers(pod))
                        .singleElement()
                        .satisfies(container -> assertThat(container.getArgs())
                                .contains("--ca=/etc/greeter-authority/ca.crt", "tls://$(TARGET):1234")
                                .contains("https://$(TARGET):8080/")
                                .noneMatch(
                                        argument -> argument.startsWith("http:") || argument.equals("$(TARGET):1234")));
                assertThat(pod.getSpec().getVolumes()).singleElement().satisfies(volume -> {
                    assertThat(volume.getSecret().getSecretName())
                            .isEqualTo(certificate(rendered, "greeter").getSecretName());
                    assertThat(volume.getSecret().getItems())
                            .extracting(KeyToPath::getKey)
                            .containsExactly("ca.crt");
                });
            });
        }
    }

    @Test
    void needsNoCertManager() throws Exception {
        assertThat(Files.readString(Path.of("src/docs/SECURITY.md"))).contains(WITHOUT_CERT_MANAGER);
        for (Rendered rendered : Kustomize.withProbe(folder, WITHOUT_CERT_MANAGER)) {
            assertThat(rendered.resources())
                    .noneMatch(resource -> resource.getApiVersion().startsWith("cert-manager.io"));
            assertThat(rendered.server()
                            .orElseThrow()
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getVolumes())
                    .filteredOn(volume -> volume.getSecret() != null)
                    .extracting(volume -> volume.getSecret().getSecretName())
                    .containsExactlyInAnyOrder("greeter", "greeter-members");
        }
    }
}
