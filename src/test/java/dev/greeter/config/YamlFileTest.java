package dev.greeter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void tellsEachValueWithItsPlace() throws IOException {
        assertThat(read("""
                # a comment
                http:
                  port: 80
                  idleTimeout: "5s"
                log.level: debug
                cluster: {members: [a:1, 'b:2'], dns: ''}
                """))
                .containsExactly(
                        new Setting("http.port", "80", at(3)),
                        new Setting("http.idleTimeout", "5s", at(4)),
                        new Setting("log.level", "debug", at(5)),
                        new Setting("cluster.members", "a:1,b:2", at(6)),
                        new Setting("cluster.dns", "", at(6)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "# nothing\n",
                "---\n",
                "http:\n",
                "http:\n  port:\n",
                "http.port: null\n",
                "\uFEFF# a mark"
            })
    void takesNothingForTheDefaults(String text) throws IOException {
        assertThat(read(text)).isEmpty();
    }

    @Test
    void readsPastAByteOrderMark() throws IOException {
        assertThat(read("\uFEFFhttp.port: 80")).containsExactly(new Setting("http.port", "80", at(1)));
    }

    @Test
    void tellsAnUnknownKeyWithItsPlace() throws Exception {
        assertThat(refusal("http:\n  prot: 80\n"))
                .isEqualTo(at(2) + ": http.prot is \"80\", but there is no such key; did you mean http.port?");
    }

    @Test
    void tellsABadValueWithItsPlace() throws Exception {
        assertThat(refusal("log:\n\n  format: xml\n"))
                .isEqualTo(at(3) + ": log.format is \"xml\", allowed: auto, text, json");
    }

    @Test
    void tellsAnUnknownKeyWithoutAValue() throws Exception {
        assertThat(refusal("htp.port:\n"))
                .isEqualTo(at(1) + ": htp.port is \"\", but there is no such key; did you mean http.port?");
    }

    @Test
    void refusesASectionThatIsAValue() throws Exception {
        assertThat(refusal("log: debug\n"))
                .isEqualTo(at(1) + ": log is \"debug\", but there is no such key; allowed: log.level, log.format");
    }

    @Test
    void refusesAValueThatIsASection() throws Exception {
        assertThat(refusal("log:\n  level:\n    all: debug\n"))
                .isEqualTo(at(3) + ": log.level.all is \"debug\", but there is no such key; did you mean log.level?");
    }

    @Test
    void refusesAListWhereOneValueBelongs() throws Exception {
        assertThat(refusal("node.name: [a]\n"))
                .isEqualTo(
                        at(1) + ": node.name is \"[ … ]\", allowed: 1 to 63 printable ASCII characters without blanks");
    }

    @Test
    void refusesAListInAList() throws Exception {
        assertThat(refusal("cluster.members: [[a:1]]\n"))
                .isEqualTo(at(1) + ": cluster.members is \"[ … ]\", allowed: host:port, with commas between several");
    }

    @Test
    void refusesAKeyGivenTwice() throws Exception {
        assertThat(refusal("http:\n  port: 1\n  port: 2\n"))
                .isEqualTo(at(3) + ": http.port is given twice, first in line 2");
        assertThat(refusal("http:\n  port: 1\nhttp.port: 2\n"))
                .isEqualTo(at(3) + ": http.port is given twice, first in line 2");
    }

    @Test
    void refusesASectionGivenTwice() throws Exception {
        assertThat(refusal("http:\n  port: 1\nhttp:\n  host: a\n"))
                .isEqualTo(at(3) + ": http is given twice, first in line 1");
    }

    @Test
    void endsAtASectionThatHoldsItself() throws Exception {
        assertThat(refusal("peers: &peers\n  peers: *peers\n"))
                .isEqualTo(at(2) + ": peers.peers.peers is \"{ … }\", but there is no such key; allowed:"
                        + " peers.maxConnections, peers.maxConnectsPerSecond");
    }

    @Test
    void refusesAKeyThatIsNoWord() throws Exception {
        assertThat(refusal("log:\n  level: info\n  ? [a]\n  : b\n? {a: b}\n: c\n"))
                .isEqualTo(at(3) + ": a key is a list or a section; allowed: a word, such as port\n" + at(5)
                        + ": a key is a list or a section; allowed: a word, such as port");
    }

    @Test
    void refusesADocumentWithoutKeys() throws Exception {
        assertThat(refusal("- http\n- port\n"))
                .isEqualTo(at(1) + ": expected sections of keys and values, such as \"http.port: 8080\"");
    }

    @Test
    void tellsASyntaxErrorInOneLine() throws Exception {
        assertThat(refusal("http:\n  port: 80\n host: a\n"))
                .isEqualTo(at(3) + ": not YAML, expected <block end>, but found '<block mapping start>'");
        assertThat(refusal("http:\n\tport: 80\n"))
                .isEqualTo(
                        at(2)
                                + ": not YAML, found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)");
        assertThat(refusal("http: *none\n"))
                .isEqualTo(at(1) + ": not YAML, a value that begins with * or ! needs quotes");
        assertThat(refusal("http.port: 1\n---\nhttp.port: 2\n"))
                .isEqualTo(at(2) + ": not YAML, but found another document");
    }

    @Test
    void refusesANumberBeyondTheParsersRange() throws Exception {
        assertThat(refusal("log.level: info\nnode.name: \"\\UFFFFFFFF\"\n"))
                .isEqualTo(at(2) + ": not YAML, it cannot be parsed: NumberFormatException");
    }

    @Test
    void refusesACharacterThatYamlForbids() throws Exception {
        assertThat(refusal("a: b\nnode.name: \u0007\n"))
                .isEqualTo(at(2) + ": not YAML, the character U+0007 is not allowed");
    }

    @Test
    void refusesADirectory() throws Exception {
        Files.createDirectory(file());
        assertThat(refusal()).isEqualTo("command line --config: " + file() + " cannot be read: it is a directory");
    }

    @Test
    void refusesWhatIsNotUtf8() throws Exception {
        Files.write(file(), "node.name: nöde".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refusal()).isEqualTo("command line --config: " + file() + " cannot be read: it is not UTF-8");
    }

    @Test
    void refusesAFileWithoutEnd() {
        List<String> problems = new ArrayList<>();
        Path endless = Path.of("/dev/zero");
        YamlFile.read(endless, ConfigFile.read(endless), "test", problems::add);
        assertThat(problems).containsExactly("test: /dev/zero cannot be read: it is larger than 1048576 octets");
    }

    @Test
    void boundsWhatItSaysOfAFileThatIsNoConfiguration() throws Exception {
        String words =
                IntStream.range(0, 50_000).mapToObj(i -> "word" + i + ": 1\n").collect(Collectors.joining());
        assertThat(refusal(words).lines()).hasSize(21).last().isEqualTo("and 49980 more like these");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &a %s\nhttp.proxyProtocol.from: [%s]\n| *a,",
                "a: &a %s\nb:\n%s|  ? *a\n  : 1\n",
                "? %s\n:\n%s|  c%d: 1\n"
            })
    void boundsWhatAliasesRepeat(String form) throws Exception {
        String[] parts = form.split("\\|", -1);
        String repeated = IntStream.range(0, 40).mapToObj(parts[1]::formatted).collect(Collectors.joining());
        assertThat(refusal(parts[0].formatted("x".repeat(100_000), repeated)))
                .contains(file() + ": larger than 1048576 characters with its aliases");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "a: [", "{a: ", "? ", "- "})
    void refusesNestingWithoutEnd(String opening) throws Exception {
        assertThat(refusal(opening.repeat(50_000))).isEqualTo(at(1) + ": not YAML, nested more than 100 deep");
    }

    private List<Setting> read(String text) throws IOException {
        List<String> problems = new ArrayList<>();
        Files.writeString(file(), text);
        List<Setting> settings = YamlFile.read(file(), ConfigFile.read(file()), "test", problems::add);
        assertThat(problems).isEmpty();
        return settings;
    }

    private String refusal(String text) throws Exception {
        Files.writeString(file(), text);
        return refusal();
    }

    private String refusal() throws Exception {
        try {
            return "loaded " + new ConfigSources(Optional.of(file()), Map.of(), Map.of()).load();
        } catch (ConfigException e) {
            return String.join("\n", e.lines());
        }
    }

    private Path file() {
        return directory.resolve("greeter.yaml");
    }

    private String at(int line) {
        return file() + ":" + line;
    }
}
