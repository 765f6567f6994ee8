package dev.greeter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How many there are, and what takes one away. */
class AvailabilityTest {
    static List<Rendered> servers() {
        return ConfigurationTest.servers();
    }

    private static DeploymentSpec spec(Rendered rendered) {
        return rendered.server().orElseThrow().getSpec();
    }

    /** What there are at least, as the Deployment or, where it leaves that open, the autoscaler says. */
    private static int replicas(Rendered rendered) {
        Optional<HorizontalPodAutoscalerSpec> autoscaler = rendered.all(HorizontalPodAutoscaler.class).stream()
                .map(HorizontalPodAutoscaler::getSpec)
                .findFirst();
        assertThat(spec(rendered).getReplicas() == null)
                .as("an apply would undo what the autoscaler did")
                .isEqualTo(autoscaler.isPresent());
        return autoscaler
                .map(HorizontalPodAutoscalerSpec::getMinReplicas)
                .orElseGet(() -> spec(rendered).getReplicas());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void hasANewPodBeforeAnOldOneLeaves(Rendered rendered) {
        RollingUpdateDeployment rolling = spec(rendered).getStrategy().getRollingUpdate();
        assertThat(rolling.getMaxUnavailable().getIntVal()).isZero();
        assertThat(rolling.getMaxSurge().getIntVal()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void scalesTheDeployment(Rendered rendered) {
        assertThat(rendered.all(HorizontalPodAutoscaler.class)).allSatisfy(autoscaler -> {
            HorizontalPodAutoscalerSpec spec = autoscaler.getSpec();
            assertThat(spec.getScaleTargetRef().getKind()).isEqualTo("Deployment");
            assertThat(spec.getScaleTargetRef().getApiVersion()).isEqualTo("apps/v1");
            assertThat(spec.getScaleTargetRef().getName())
                    .isEqualTo(rendered.server().orElseThrow().getMetadata().getName());
            assertThat(spec.getMinReplicas()).isGreaterThanOrEqualTo(3);
            assertThat(spec.getMaxReplicas()).isGreaterThan(spec.getMinReplicas());
        });
        assertThat(replicas(rendered)).isIn(1, 3);
    }

    /** A machine can be drained, and one pod of several stays. */
    @ParameterizedTest
    @MethodSource("servers")
    void losesOneAtATimeToDrains(Rendered rendered) {
        assertThat(rendered.all(PodDisruptionBudget.class)).singleElement().satisfies(budget -> {
            assertThat(budget.getSpec().getSelector()).isEqualTo(spec(rendered).getSelector());
            assertThat(budget.getSpec().getMinAvailable()).isNull();
            int unavailable = budget.getSpec().getMaxUnavailable().getIntVal();
            assertThat(unavailable).isEqualTo(1);
            assertThat(replicas(rendered))
                    .satisfiesAnyOf(
                            several -> assertThat(several).isGreaterThan(unavailable + 1),
                            single -> assertThat(single).isEqualTo(1));
        });
    }

    @ParameterizedTest
    @MethodSource("servers")
    void spreadsItsOwnPods(Rendered rendered) {
        LabelSelector selector = spec(rendered).getSelector();
        PodSpec pod = spec(rendered).getTemplate().getSpec();
        assertThat(pod.getTopologySpreadConstraints())
                .allSatisfy(spread -> {
                    assertThat(spread.getLabelSelector()).isEqualTo(selector);
                    assertThat(spread.getMatchLabelKeys()).containsExactly("pod-template-hash");
                })
                .extracting(TopologySpreadConstraint::getTopologyKey)
                .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
        if (pod.getAffinity() != null) {
            assertThat(pod.getAffinity().getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecution())
                    .singleElement()
                    .extracting(WeightedPodAffinityTerm::getPodAffinityTerm)
                    .satisfies(term -> {
                        assertThat(term.getLabelSelector()).isEqualTo(selector);
                        assertThat(term.getTopologyKey()).isEqualTo("kubernetes.io/hostname");
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void hasAPriorityThatIsThere(Rendered rendered) {
        String name = spec(rendered).getTemplate().getSpec().getPriorityClassName();
        assertThat(rendered.all(PriorityClass.class))
                .extracting(priority -> priority.getMetadata().getName())
                .isEqualTo(name == null ? List.of() : List.of(name));
    }
}
