package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityValuesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                  | 1000",
                "GZIP                  | 1000",
                "br,gzip               | 1000",
                "'  gzip\t, br'        | 1000",
                "gzip;q=0              | 0",
                "gzip;q=0.5            | 500",
                "gzip; q=0.125         | 125",
                "gzip ;Q=1.000         | 1000",
                "gzip;x=1;q=0.3        | 300",
                "gzip;q=1.001          | 0",
                "gzip;q=0.1234         | 0",
                "gzip;q=-1             | 0",
                "gzip;q=               | 0",
                "gzip;q=.5             | 0",
                "''                    | -1",
                "','                   | -1",
                "br;gzip               | -1",
                "xgzip, gzipx, *       | -1",
            })
    void readsTheWeightOfAName(String header, int weight) {
        assertThat(QualityValues.of(List.of(header)).of("gzip")).isEqualTo(weight);
    }

    @Test
    void returnsTheFirstNameThatIsThereEvenAtZero() {
        QualityValues weights = QualityValues.of(List.of("text/*;q=0.5, text/html;q=0", "*/*"));

        assertThat(weights.firstOf("text/html", "text/*", "*/*")).isZero();
        assertThat(weights.firstOf("text/plain", "text/*", "*/*")).isEqualTo(500);
        assertThat(weights.firstOf("image/png", "image/*", "*/*")).isEqualTo(QualityValues.MOST);
        assertThat(weights.firstOf("image/png")).isZero();
    }
}
