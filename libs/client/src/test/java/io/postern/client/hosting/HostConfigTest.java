package io.postern.client.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.client.hosting.HostConfig.Resolution;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostConfigTest {
    private static final String FORWARDING = """
            {"forwardProtocol":true,"allowedProtocols":["tcp"],
             "forwardAddress":true,"allowedAddresses":["db.internal","*.apps.internal","10.1.0.0/16","fd00::/8"],
             "forwardPort":true,"allowedPortRanges":[{"low":80,"high":90},{"low":443,"high":443}]}
            """;

    @ParameterizedTest
    @CsvSource({
        "tcp, db.internal, , 80, db.internal:80",
        "tcp, a.b.apps.internal, , 443, a.b.apps.internal:443",
        "tcp, apps.internal, , 443, REJECTED_BY_APPLICATION",
        "tcp, , 10.1.2.3, 90, 10.1.2.3:90",
        "tcp, , 10.2.2.3, 90, REJECTED_BY_APPLICATION",
        "tcp, , fd00::7, 90, [fd00::7]:90",
        "tcp, db.internal, , 91, PORT_NOT_ALLOWED",
        "udp, db.internal, , 80, REJECTED_BY_APPLICATION",
        "tcp, evil.example, 10.1.2.3, 80, REJECTED_BY_APPLICATION"
    })
    void forwardsOnlyWhatIsAllowed(String protocol, String host, String ip, int port, String expected)
            throws Exception {
        AppData data = new AppData(protocol, host == null ? "" : host, ip == null ? "" : ip, port);
        assertThat(resolve(FORWARDING, data)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"protocol\":\"tcp\",\"address\":\"localhost\",\"port\":22} | localhost:22",
                "{\"protocol\":\"tcp\",\"address\":\"unix:/run/docker.sock\",\"port\":1} | unix:/run/docker.sock",
                "{\"protocol\":\"tcp\",\"address\":\"unix:///run/docker.sock\",\"port\":1} | unix:/run/docker.sock",
                "{\"protocol\":\"unix\",\"address\":\"/run/docker.sock\"} | unix:/run/docker.sock",
                "{\"protocol\":\"unix\",\"address\":\"docker.sock\"} | MISCONFIGURED_TERMINATOR",
                "{\"protocol\":\"udp\",\"address\":\"localhost\",\"port\":53} | MISCONFIGURED_TERMINATOR",
                "{\"protocol\":\"tcp\",\"port\":22} | MISCONFIGURED_TERMINATOR"
            })
    void readsTargets(String config, String expected) throws Exception {
        assertThat(resolve(config, AppData.NONE)).isEqualTo(expected);
    }

    private static String resolve(String config, AppData data) throws Exception {
        return switch (HostConfig.of(Map.of("host.v1", config)).getFirst().resolve(data)) {
            case Resolution.Dial dial -> dial.target().toString();
            case Resolution.Refuse refuse -> refuse.code().name();
        };
    }

    @Test
    void readsListenOptions() throws Exception {
        HostConfig config = HostConfig.of(
                        Map.of(
                                "host.v1",
                                "{\"address\":\"a\",\"port\":1,\"listenOptions\":{\"connectTimeout\":\"1m30s\",\"cost\":7,"
                                        + "\"precedence\":\"required\",\"identity\":\"$tunneler_id.name/$tunneler_id.tag[site]\"}}"))
                .getFirst();
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.cost()).isEqualTo(7);
        assertThat(config.precedence()).isEqualTo("required");
        assertThat(config.instance("r1", "{\"site\":\"wien\"}")).isEqualTo("r1/wien");
    }

    @Test
    void readsWhatOthersIntercepted() {
        AppData data =
                AppData.read("{\"dst_ip\":\"0.0.0.0\",\"dst_port\":\"23101\",\"dst_protocol\":\"tcp\"}".getBytes());
        assertThat(data).isEqualTo(new AppData("tcp", "", "0.0.0.0", 23101));
        assertThat(AppData.read("nonsense".getBytes())).isEqualTo(AppData.NONE);
    }
}
