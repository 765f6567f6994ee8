package dev.greeter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** That the model is as strict as the other tests here need it, shown on all that is rendered. */
class StrictModelTest {
    /** What may hold any key. */
    private static final Set<String> FREE =
            Set.of("labels", "annotations", "matchLabels", "selector", "data", "limits", "requests");

    @Test
    void refusesAMisspeltFieldAtAnyDepth() {
        List<String> accepted = new ArrayList<>();
        int tried = 0;
        for (Rendered rendered : Kustomize.all()) {
            for (Map<?, ?> document : rendered.documents()) {
                List<Map<Object, Object>> objects = new ArrayList<>();
                collect("", document, objects);
                for (Map<Object, Object> object : objects) {
                    object.put("misspelt", "value");
                    if (isAccepted(document)) {
                        accepted.add(rendered + ": " + document.get("kind") + " " + object);
                    }
                    object.remove("misspelt");
                    tried++;
                }
                assertThat(isAccepted(document)).isTrue();
            }
        }
        assertThat(accepted).isEmpty();
        assertThat(tried).isGreaterThan(500);
    }

    @SuppressWarnings("unchecked")
    private static void collect(String key, Object node, List<Map<Object, Object>> objects) {
        if (node instanceof Map<?, ?> map) {
            if (!FREE.contains(key) || map.containsKey("matchLabels")) {
                objects.add((Map<Object, Object>) map);
            }
            map.forEach((inner, value) -> collect(inner.toString(), value, objects));
        } else if (node instanceof List<?> list) {
            list.forEach(value -> collect(key, value, objects));
        }
    }

    private static boolean isAccepted(Map<?, ?> document) {
        try {
            StrictModel.read(document);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    @Test
    void refusesANumberWhereTextBelongs() {
        assertThatThrownBy(() -> StrictModel.read(pod("env: [{name: A, value: 1}]")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("value");
        assertThatThrownBy(() -> StrictModel.read(pod("stdin: 'true'"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(isAccepted(pod("env: [{name: A, value: '1'}]"))).isTrue();
    }

    @Test
    void refusesAKindThatIsNone() {
        assertThatThrownBy(() -> StrictModel.read(Map.of("apiVersion", "apps/v1", "kind", "Deploymnet")))
                .hasMessage("there is no such kind: apps/v1 Deploymnet");
        assertThatThrownBy(() -> StrictModel.read(Map.of("apiVersion", "apps/v1beta9", "kind", "Deployment")))
                .hasMessage("there is no such kind: apps/v1beta9 Deployment");
    }

    @Test
    void refusesAKeyThatIsGivenTwice() {
        assertThatThrownBy(() -> StrictModel.documents("kind: Pod\nkind: Service\n"))
                .isInstanceOf(YamlEngineException.class);
    }

    private static Map<?, ?> pod(String field) {
        return StrictModel.documents("{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, " + field + "}]}}")
                .get(0);
    }
}
