package io.postern.fabric.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import io.postern.fabric.forward.Forward.Kind;
import io.postern.fabric.forward.ForwardingTable.Installed;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardingTableTest {
    private static final AsciiString CIRCUIT = AsciiString.of("4xJ");
    private static final List<Forward> BOTH =
            List.of(new Forward("in", "link1", Kind.LINK), new Forward("link1", "in", Kind.START));

    private final ForwardingTable table = new ForwardingTable(2);

    @Test
    void findsByTheBytesOfTheCircuit() {
        table.install(CIRCUIT, 0, "ctrl", BOTH, 0);
        AsciiString sameBytes = new AsciiString(new byte[] {'4', 'x', 'J'}, false);
        assertThat(table.next(sameBytes, "in", 1).destination()).isEqualTo("link1");
        assertThat(table.next(sameBytes, "link1", 1).kind()).isEqualTo(Kind.START);
        assertThat(table.next(sameBytes, "link2", 1)).isNull();
        assertThat(table.next(AsciiString.of("other"), "in", 1)).isNull();
    }

    @Test
    void anEarlierAttemptThatComesLateChangesNothing() {
        List<Forward> later = List.of(new Forward("in2", "link2", Kind.LINK));
        assertThat(table.install(CIRCUIT, 1, "ctrl", later, 0)).isEqualTo(Installed.NEW);
        assertThat(table.install(CIRCUIT, 0, "ctrl", BOTH, 0)).isEqualTo(Installed.STALE);
        assertThat(table.forwards(CIRCUIT)).isEqualTo(later);
        assertThat(table.install(CIRCUIT, 99_969_996, "ctrl", BOTH, 0)).isEqualTo(Installed.REPLACED);
        assertThat(table.install(CIRCUIT, 99_969_996, "ctrl", later, 0)).isEqualTo(Installed.REPLACED);
    }

    @Test
    void tellsWhoIsIdleAndWhoPassesOverALink() {
        long second = 1_000_000_000L;
        table.install(CIRCUIT, 0, "ctrl", BOTH, 0);
        assertThat(table.idleFor(60 * second, 59 * second)).isEmpty();
        assertThat(table.idleFor(60 * second, 61 * second))
                .containsExactly(new ForwardingTable.Idle(CIRCUIT, "ctrl", 61 * second));
        table.next(CIRCUIT, "in", 61 * second);
        assertThat(table.idleFor(60 * second, 62 * second)).isEmpty();
        assertThat(table.over("link1")).containsExactly(CIRCUIT);
        assertThat(table.over("in")).isEmpty();
    }

    @Test
    void holdsNoMoreThanItsLimit() {
        table.install(CIRCUIT, 0, "c", BOTH, 0);
        table.install(AsciiString.of("b"), 0, "c", BOTH, 0);
        assertThat(table.install(AsciiString.of("d"), 0, "c", BOTH, 0)).isEqualTo(Installed.REFUSED);
        assertThat(table.install(CIRCUIT, 1, "c", BOTH, 0)).isEqualTo(Installed.REPLACED);
    }
}
