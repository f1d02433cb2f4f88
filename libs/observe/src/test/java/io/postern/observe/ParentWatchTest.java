package io.postern.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParentWatchTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void aLineIsARestAndTheEndIsTheEnd() {
        watch(new ByteArrayInputStream("all\nfine\n".getBytes()));
        assertThat(done).containsExactly("rest", "rest", "exit");
    }

    @Test
    void aBrokenPipeIsTheEndToo() {
        watch(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }
        });
        assertThat(done).containsExactly("exit");
    }

    private void watch(InputStream parent) {
        ParentWatch.watch(parent, () -> done.add("rest"), () -> done.add("exit"));
    }
}
