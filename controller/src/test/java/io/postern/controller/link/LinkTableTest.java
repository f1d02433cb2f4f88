package io.postern.controller.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.ctrl.pb.LinkConn;
import io.postern.wire.ctrl.pb.LinkConnState;
import io.postern.wire.ctrl.pb.RouterLinks.RouterLink;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reports of links do to the table, old and repeated ones included. */
class LinkTableTest {
    private final LinkTable table = new LinkTable();

    private static RouterLink link(String id, String to, int iteration) {
        return RouterLink.newBuilder()
                .setId(id)
                .setDestRouterId(to)
                .setIteration(iteration)
                .build();
    }

    private void report(RouterLink... links) {
        assertThat(table.reported("a", List.of(links), false, 0)).isEmpty();
    }

    @Test
    void aFullRefreshReplacesWhatItsDialerSaid() {
        report(link("l1", "b", 1), link("l2", "c", 1));
        table.reported("b", List.of(link("l3", "c", 1)), true, 0);
        assertThat(table.reported("a", List.of(link("l2", "c", 1)), true, 0))
                .extracting(KnownLink::linkId)
                .containsExactly("l1");
        assertThat(table.all()).extracting(KnownLink::linkId).containsExactly("l2", "l3");
    }

    @Test
    void olderDialsAreIgnored() {
        report(link("l1", "b", 3));
        assertThat(table.faulted("b", "l1", 2, 0)).isEmpty();
        report(link("l1", "b", 2));
        assertThat(table.get("l1"))
                .hasValueSatisfying(known -> assertThat(known.iteration()).isEqualTo(3));
        assertThat(table.faulted("b", "l1", 3, 0)).isPresent();
        assertThat(table.faulted("a", "l1", 3, 0)).as("told once").isEmpty();
        report(link("l1", "b", 4));
        assertThat(table.get("l1"))
                .hasValueSatisfying(known -> assertThat(known.up()).isTrue());
    }

    @Test
    void strangersSayNothingAboutALink() {
        report(link("l1", "b", 1));
        assertThat(table.faulted("z", "l1", 1, 0)).isEmpty();
        assertThat(table.measured("z", "l1", 5)).isFalse();
        table.reported("z", List.of(link("l1", "y", 9)), false, 0);
        assertThat(table.get("l1"))
                .hasValueSatisfying(known -> assertThat(known.source()).isEqualTo("a"));
    }

    @Test
    void bothEndsMeasure() {
        report(link("l1", "b", 1));
        assertThat(table.get("l1").orElseThrow().cost()).isEqualTo(130_001);
        assertThat(table.measured("a", "l1", 2_000_000)).isTrue();
        assertThat(table.measured("b", "l1", 3_999_999)).isTrue();
        assertThat(table.get("l1").orElseThrow().cost()).isEqualTo(1 + 2 + 3);
    }

    @Test
    void aLinkWithoutConnectionsIsDown() {
        report(link("l1", "b", 1));
        LinkConnState one = LinkConnState.newBuilder()
                .setStateIteration(2)
                .addConns(LinkConn.newBuilder().setType("link.default"))
                .build();
        assertThat(table.stateChanged("l1", 1, one, 0)).isEmpty();
        LinkConnState none = LinkConnState.newBuilder().setStateIteration(3).build();
        assertThat(table.stateChanged("l1", 9, none, 0)).as("another dial").isEmpty();
        assertThat(table.stateChanged("l1", 1, none, 7)).isPresent();
        table.forgetDead(8);
        assertThat(table.all()).isEmpty();
    }
}
