package io.postern.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static String expanded(String yaml, Map<String, String> values) throws JsonProcessingException {
        return new Environment(values).expanded(new YAMLMapper().readTree(yaml)).toString();
    }

    @Test
    void valuesStandWhereTheyAreNamed() throws Exception {
        String yaml = """
                link: { listeners: [ { advertise: "tls:${POD}.example:10080", cost: 3 } ] }
                sans: [ "${POD}", plain, "$POD", "${POD}-${POD}" ]
                """;
        assertThat(expanded(yaml, Map.of("POD", "r$1")))
                .isEqualTo("{\"link\":{\"listeners\":[{\"advertise\":\"tls:r$1.example:10080\",\"cost\":3}]},"
                        + "\"sans\":[\"r$1\",\"plain\",\"$POD\",\"r$1-r$1\"]}");
    }

    @Test
    void whatIsNotSetIsNamedWithItsKey() {
        assertThatThrownBy(() -> expanded("csr: { sans: { dns: [ a, \"${NOWHERE}\" ] } }", Map.of()))
                .isInstanceOf(InvalidConfig.class)
                .hasMessage("csr.sans.dns[1] names the environment variable NOWHERE, which is not set");
    }
}
