package io.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.cli.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class CastTest {
    private static Cast cast(String text) throws IOException {
        return Cast.of(new BufferedReader(new StringReader(text)));
    }

    @Test
    void bothVersionsGiveIntervals() throws IOException {
        Cast third = cast("""
                {"version":3,"term":{"cols":80,"rows":24}}
                # a comment
                [0.5,"o","a"]
                [0.25,"r","90x30"]
                [1,"x","0"]
                """);
        assertThat(third.next()).isEqualTo(new Cast.Event(0.5, 'o', "a"));
        assertThat(third.next()).isEqualTo(new Cast.Event(0.25, 'r', "90x30"));
        assertThat(third.next()).isEqualTo(new Cast.Event(1, 'x', "0"));
        assertThat(third.next()).isNull();
        Cast second =
                cast("{\"version\":2,\"width\":80,\"height\":24}\n[0.5,\"o\",\"a\"]\n[0.75,\"o\",\"b\"]\n[1.0,\"o");
        assertThat(second.next()).isEqualTo(new Cast.Event(0.5, 'o', "a"));
        assertThat(second.next()).isEqualTo(new Cast.Event(0.25, 'o', "b"));
        assertThat(second.next()).isNull();
    }

    @Test
    void whatIsNoRecordingIsSaid() {
        assertThatThrownBy(() -> cast("hello")).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> cast("{\"version\":9}")).isInstanceOf(Failure.class);
    }
}
