package dev.greeter.http.resource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code openapi.yaml}, read for validation. */
final class OpenApiDocument {
    private static final String ID = "https://greeter.example/openapi.yaml";
    private static final String OPEN_API = "https://spec.openapis.org/oas/3.1/";
    private static final Set<String> METHODS = Set.of("get", "post", "delete", "put", "patch", "head", "options");

    private final JsonNode root;
    private final SchemaRegistry schemas;

    /** One documented response, by its status or {@code default}, in one of its forms, or without a body. */
    record Answered(String path, String method, String status, String mediaType) {}

    OpenApiDocument(String yaml) {
        root = new YAMLMapper().readTree(yaml);
        JsonNode strict = root.deepCopy();
        close(strict.at("/components/schemas"));
        schemas = registry(Map.of(ID, strict.toString()));
    }

    private static SchemaRegistry registry(Map<String, String> documents) {
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(documents)
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
    }

    /** Makes an undocumented member, which clients should ignore, an error. */
    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(OpenApiDocument::close);
    }

    /** Returns the errors by the official meta-schema. */
    List<String> problems() {
        Map<String, String> official = new LinkedHashMap<>();
        for (String name : List.of("schema-base/2022-10-07", "schema/2022-10-07", "dialect/base", "meta/base")) {
            official.put(OPEN_API + name, resource("/spec.openapis.org/oas/3.1/" + name));
        }
        return registry(official)
                .getSchema(SchemaLocation.of(OPEN_API + "schema/2022-10-07"))
                .validate(root.toString(), InputFormat.JSON)
                .stream()
                .map(Object::toString)
                .toList();
    }

    Set<String> paths(boolean management) {
        Set<String> paths = new TreeSet<>();
        root.get("paths").properties().forEach(path -> {
            if (path.getValue().has("servers") == management) {
                paths.add(path.getKey());
            }
        });
        return paths;
    }

    boolean isManagement(String path) {
        return root.get("paths").get(path).has("servers");
    }

    List<String> methods(String path) {
        return root.get("paths").get(path).propertyNames().stream()
                .filter(METHODS::contains)
                .toList();
    }

    Set<Answered> answers() {
        Set<Answered> all = new LinkedHashSet<>();
        root.get("paths")
                .propertyNames()
                .forEach(path -> methods(path).forEach(method -> {
                    JsonNode responses = root.get("paths").get(path).get(method).get("responses");
                    responses.propertyNames().forEach(status -> {
                        JsonNode content = resolved(responses.get(status)).path("content");
                        if (content.isEmpty()) {
                            all.add(new Answered(path, method, status, ""));
                        }
                        content.propertyNames().forEach(type -> all.add(new Answered(path, method, status, type)));
                    });
                }));
        return all;
    }

    /** Returns the documented response that this one is; fails if there is none or its form differs. */
    Answered judge(String path, String method, int status, Map<String, List<String>> headers, String body) {
        JsonNode responses = root.get("paths").get(path).get(method).get("responses");
        String code = responses.has(Integer.toString(status)) ? Integer.toString(status) : "default";
        JsonNode response = resolved(responses.get(code));
        String what = method + " " + path + " " + status + " " + body;
        response.path("headers").properties().forEach(header -> {
            JsonNode documented = resolved(header.getValue());
            List<String> values = headers.getOrDefault(header.getKey(), List.of());
            assertThat(values).as("%s of %s", header.getKey(), what).hasSize(1);
            assertValid(documented.get("schema"), new YAMLMapper().valueToTree(values.get(0)), what);
        });
        String type = headers.getOrDefault("content-type", List.of("")).get(0).replaceFirst(";.*", "");
        JsonNode content = response.path("content");
        if (type.isEmpty()) {
            assertThat(content.isEmpty()).as(what).isTrue();
            assertThat(body).as(what).isEmpty();
        } else {
            assertThat(content.propertyNames()).as(what).contains(type);
            JsonNode instance =
                    type.endsWith("json") ? new YAMLMapper().readTree(body) : new YAMLMapper().valueToTree(body);
            assertValid(content.get(type).get("schema"), instance, what);
        }
        return new Answered(path, method, code, type);
    }

    /** Returns the examples that do not fit their schemas. */
    List<String> badExamples() {
        List<String> bad = new ArrayList<>();
        examples(root, "", bad);
        return bad;
    }

    int exampleCount() {
        return root.findValues("example").size();
    }

    private void examples(JsonNode node, String at, List<String> bad) {
        if (node.has("example") && node.has("schema")) {
            try {
                assertValid(node.get("schema"), node.get("example"), at);
            } catch (AssertionError invalid) {
                bad.add(String.valueOf(invalid.getMessage()));
            }
        }
        node.properties().forEach(member -> examples(member.getValue(), at + "/" + member.getKey(), bad));
        if (node.isArray()) {
            node.forEach(element -> examples(element, at + "/-", bad));
        }
    }

    private void assertValid(JsonNode schema, JsonNode instance, String what) {
        String reference = schema.path("$ref").asString("");
        List<?> errors = reference.isEmpty()
                ? schemas.getSchema(schema).validate(instance)
                : schemas.getSchema(SchemaLocation.of(ID + reference)).validate(instance);
        assertThat(errors).as(what).isEmpty();
    }

    private JsonNode resolved(JsonNode node) {
        @Nullable JsonNode reference = node.get("$ref");
        return reference == null ? node : root.at(reference.asString().substring(1));
    }

    private static String resource(String name) {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
