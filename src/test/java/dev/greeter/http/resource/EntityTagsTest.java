package dev.greeter.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EntityTagsTest {
    @Test
    void matchesInAnyLine() {
        assertThat(EntityTags.match(List.of("\"a\"", "\"b\""), "\"b\"")).isTrue();
    }

    @Test
    void acceptsAStarOnlyAlone() {
        assertThat(EntityTags.match(List.of(" * "), "\"a\"")).isTrue();
        assertThat(EntityTags.match(List.of("*, \"b\""), "\"a\"")).isFalse();
    }

    @Test
    void findsNoTagInPartOfAnother() {
        assertThat(EntityTags.match(List.of("\"ab\", \"a"), "\"a\"")).isFalse();
        assertThat(EntityTags.match(List.of("\"x,\"y"), "\",\"")).isFalse();
    }
}
