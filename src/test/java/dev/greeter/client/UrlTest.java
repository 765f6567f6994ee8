package dev.greeter.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "localhost                      | localhost       | /",
                "localhost:8080                 | localhost:8080  | /",
                "http://127.0.0.1:80/           | 127.0.0.1       | /",
                "https://127.0.0.1:443/         | 127.0.0.1       | /",
                "http://127.0.0.1:443/          | 127.0.0.1:443   | /",
                "https://127.0.0.1:80/          | 127.0.0.1:80    | /",
                "HTTP://LOCALHOST:8080/A        | LOCALHOST:8080  | /A",
                "HttpS://localhost/             | localhost       | /",
                "http://[::1]:80/               | [::1]           | /",
                "http://[0:0:0:0:0:0:0:1]:81/   | [::1]:81        | /",
                "http://[fe80::1%lo]:81/        | [fe80::1]:81    | /",
                "http://[fe80::1%25lo]:81/      | [fe80::1]:81    | /",
                "http://my_service/             | my_service      | /",
                "http://a.example./             | a.example.      | /",
                "http://bücher.example/         | xn--bcher-kva.example | /",
                "http://localhost?a=b           | localhost       | /?a=b",
                "http://localhost#top           | localhost       | /",
                "http://localhost/a#b?c         | localhost       | /a",
                "http://localhost/?             | localhost       | /?",
                "http://localhost/?a?b/c        | localhost       | /?a?b/c",
                "http://localhost/ä/€/😀        | localhost       | /%C3%A4/%E2%82%AC/%F0%9F%98%80",
                "http://localhost/?q=ä ö&x=+    | localhost       | /?q=%C3%A4%20%C3%B6&x=+",
                "http://localhost/a b           | localhost       | /a%20b",
                "http://localhost/%C3%A4%20%2f  | localhost       | /%C3%A4%20%2f",
                "http://localhost/100%          | localhost       | /100%25",
                "http://localhost/%zz%4         | localhost       | /%25zz%254",
                "http://localhost/a\\b<>\"{}^` | localhost       | /a%5Cb%3C%3E%22%7B%7D%5E%60",
                "http://localhost/?a[]=1        | localhost       | /?a%5B%5D=1",
                "http://localhost/-._!$&'()*+,;=:@ | localhost   | /-._!$&'()*+,;=:@",
                "http://localhost//a/../b/.     | localhost       | //a/../b/.",
                "localhost/a?to=http://b/       | localhost       | /a?to=http://b/",
            })
    void readsWhatIsTypedAsARequestHasIt(String typed, String host, String target) {
        Url url = Url.parse(typed);
        assertThat(url.authority()).isEqualTo(host);
        assertThat(url.target()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,            http://localhost:8080/",
        "http://localhost:80/?a,    http://localhost/?a",
        "https://[::1]/,            https://[::1]/",
        "http://[fe80::1%lo]:81/,   http://[fe80::1%lo]:81/",
    })
    void isWrittenAsItIsAsked(String typed, String written) {
        assertThat(Url.parse(typed)).hasToString(written);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,          /stats?scope=node",
        "localhost/,         /stats?scope=node",
        "localhost?a=b,      /stats?a=b&scope=node",
        "localhost/?,        /stats?scope=node",
        "localhost/x,        /x?scope=node",
        "localhost/x?a=b#c,  /x?a=b&scope=node",
    })
    void takesAPathOfOursWhereNoneIsNamed(String typed, String target) {
        assertThat(Url.parse(typed).orPath("/stats").with("scope", "node").target())
                .isEqualTo(target);
    }
}
