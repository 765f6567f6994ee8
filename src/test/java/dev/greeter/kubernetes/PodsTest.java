package dev.greeter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each pod of each kustomization may do, needs and runs. */
class PodsTest {
    static List<Rendered> all() {
        return Kustomize.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void namesNothingTwice(Rendered rendered) {
        assertThat(rendered.resources())
                .extracting(resource ->
                        resource.getKind() + " " + resource.getMetadata().getName())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("all")
    void mayDoNothingThatItNeedNot(Rendered rendered) {
        assertThat(rendered.resources()).extracting(HasMetadata::getKind).noneMatch(kind -> kind.contains("Role"));
        for (PodTemplateSpec pod : rendered.pods()) {
            PodSpec spec = pod.getSpec();
            PodSecurityContext context = spec.getSecurityContext();
            assertThat(context.getRunAsNonRoot()).isTrue();
            assertThat(context.getRunAsUser()).isPositive();
            assertThat(context.getRunAsGroup()).isPositive();
            assertThat(context.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(spec.getAutomountServiceAccountToken()).isFalse();
            assertThat(spec.getHostNetwork()).isNull();
            assertThat(spec.getVolumes()).allSatisfy(volume -> {
                assertThat(volume.getHostPath()).isNull();
                assertThat(volume.getProjected()).isNull();
            });
            for (Container container : Rendered.containers(pod)) {
                SecurityContext own = container.getSecurityContext();
                assertThat(own.getAllowPrivilegeEscalation()).isFalse();
                assertThat(own.getReadOnlyRootFilesystem()).isTrue();
                assertThat(own.getCapabilities().getDrop()).containsExactly("ALL");
                assertThat(own.getCapabilities().getAdd()).isEmpty();
                assertThat(own.getPrivileged()).isNull();
                assertThat(own.getRunAsUser()).isNull();
            }
        }
    }

    @Test
    void runsOnlyWhereAppArmorConfinesItIfThatIsAskedFor(@TempDir Path folder) throws Exception {
        assertThat(Kustomize.render(folder, "overlays/production", "apparmor").pods())
                .isNotEmpty()
                .allSatisfy(pod -> assertThat(pod.getSpec()
                                .getSecurityContext()
                                .getAppArmorProfile()
                                .getType())
                        .isEqualTo("RuntimeDefault"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void saysWhatItNeeds(Rendered rendered) {
        for (PodTemplateSpec pod : rendered.pods()) {
            for (Container container : Rendered.containers(pod)) {
                assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
                assertThat(container.getResources().getLimits()).containsKeys("cpu", "memory");
                for (String resource : Set.of("cpu", "memory")) {
                    Quantity request = container.getResources().getRequests().get(resource);
                    Quantity limit = container.getResources().getLimits().get(resource);
                    assertThat(request.getNumericalAmount())
                            .isPositive()
                            .isLessThanOrEqualTo(limit.getNumericalAmount());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void refersToWhatIsThere(Rendered rendered) {
        for (PodTemplateSpec pod : rendered.pods()) {
            PodSpec spec = pod.getSpec();
            assertThat(rendered.named(ServiceAccount.class, spec.getServiceAccountName()))
                    .hasValueSatisfying(account -> assertThat(account.getAutomountServiceAccountToken())
                            .isFalse());
            Set<String> mounted = Rendered.containers(pod).stream()
                    .flatMap(container -> container.getVolumeMounts().stream())
                    .map(VolumeMount::getName)
                    .collect(Collectors.toSet());
            assertThat(spec.getVolumes()).extracting(Volume::getName).containsExactlyInAnyOrderElementsOf(mounted);
            for (Volume volume : spec.getVolumes()) {
                if (volume.getConfigMap() != null) {
                    assertThat(rendered.named(
                                    ConfigMap.class, volume.getConfigMap().getName()))
                            .isPresent();
                }
                // the probe alone reads that of the service that it watches
                if (volume.getSecret() != null && rendered.server().isPresent()) {
                    assertThat(rendered.all(Certificate.class))
                            .extracting(certificate -> certificate.getSpec().getSecretName())
                            .contains(volume.getSecret().getSecretName());
                }
            }
        }
    }

    @Test
    void runsOneImageOfThisVersionAndAsItsUser() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = pom.replaceFirst("(?s).*?<artifactId>greeter</artifactId>\\s*<version>([^<]+)<.*", "$1");
        String dockerfile = Files.readString(Path.of("src/main/docker/Dockerfile"));
        assertThat(dockerfile).contains("ARG VERSION=" + version + "\n");
        for (Rendered rendered : all()) {
            for (PodTemplateSpec pod : rendered.pods()) {
                assertThat(Rendered.containers(pod))
                        .extracting(Container::getImage)
                        .containsOnly("greeter:" + version);
                PodSecurityContext context = pod.getSpec().getSecurityContext();
                assertThat(dockerfile)
                        .contains("USER " + context.getRunAsUser() + ":" + context.getRunAsGroup() + "\n");
            }
        }
    }
}
