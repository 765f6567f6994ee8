package dev.greeter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code conf/greeter.yaml} describes the keys as the code has them. */
class ShippedFileTest {
    private static final Path SHIPPED = Path.of("conf/greeter.yaml");

    @Test
    void holdsEveryKeyWithItsDefault() {
        List<String> problems = new ArrayList<>();
        Map<String, String> shipped = YamlFile.read(SHIPPED, ConfigFile.read(SHIPPED), "test", problems::add).stream()
                .collect(Collectors.toMap(Setting::name, Setting::text, (a, b) -> b, LinkedHashMap::new));
        Map<String, String> defaults = new LinkedHashMap<>();
        Keys.ALL.forEach(key -> defaults.put(key.name(), key.defaultText()));

        assertThat(problems).isEmpty();
        assertThat(shipped).containsExactlyEntriesOf(defaults);
    }

    @Test
    void givesTheDefaults() throws Exception {
        assertThat(new ConfigSources(Optional.of(SHIPPED), SampleConfigs.HOSTNAME, Map.of()).load())
                .isEqualTo(SampleConfigs.DEFAULTS);
    }

    @Test
    void saysWhichKeysAreLive() throws Exception {
        Map<String, String> comments = comments();
        assertThat(Keys.ALL)
                .allSatisfy(
                        key -> assertThat(comments.getOrDefault(key.name(), "").contains("(live)"))
                                .as("%s", key.name())
                                .isEqualTo(key.live()));
    }

    @Test
    void saysTheLimitsOfEachKey() throws Exception {
        Map<String, String> comments = comments();
        List<String> limited = new ArrayList<>();
        for (Key<?> key : Keys.ALL) {
            Matcher limits = Pattern.compile("\\w+ to \\w+").matcher(key.type().allowed());
            if (limits.find()) {
                assertThat(comments.get(key.name())).as("%s", key.name()).contains(limits.group());
                limited.add(key.name());
            }
        }
        assertThat(limited).contains("greeting.instances", "http.idleTimeout", "bridge.maxMessageSize", "node.name");
    }

    /** The comment that stands before each key, in one line. */
    private static Map<String, String> comments() throws Exception {
        Map<String, String> comments = new LinkedHashMap<>();
        List<String> sections = new ArrayList<>();
        String comment = "";
        for (String line : Files.readAllLines(SHIPPED)) {
            String text = line.strip();
            if (text.startsWith("#")) {
                comment += " " + text.substring(1).strip();
                continue;
            }
            if (!text.isEmpty()) {
                sections.subList(Math.min(sections.size(), line.indexOf(text) / 2), sections.size())
                        .clear();
                sections.add(text.replaceFirst(":.*", ""));
                comments.put(String.join(".", sections), comment);
            }
            comment = "";
        }
        return comments;
    }
}
