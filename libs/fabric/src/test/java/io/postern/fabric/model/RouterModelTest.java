package io.postern.fabric.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.testkit.Samples;
import io.postern.testkit.Samples.WireFrame;
import io.postern.wire.ContentType;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.ChangeSet;
import io.postern.wire.edgectrl.pb.DataState.Event;
import io.postern.wire.edgectrl.pb.PolicyType;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouterModelTest {
    private Samples samples;

    @BeforeEach
    void find() {
        Assumptions.assumeTrue(Samples.find().isPresent(), Samples::absent);
        samples = Samples.find().orElseThrow();
    }

    private List<WireFrame> toRouter(String conversation, String router, int contentType) {
        return samples.conversation(conversation).stream()
                .filter(frame ->
                        frame.contentType() == contentType && frame.peer().equals(router))
                .toList();
    }

    private DataState state(String conversation, String router) throws Exception {
        return DataState.parseFrom(toRouter(conversation, router, ContentType.DATA_STATE)
                .getFirst()
                .body());
    }

    /** What a stock controller sends step by step ends in what it sends whole to a router that joins afterwards. */
    @Test
    void changeSetsEndInTheSameModelAsTheFullState() throws Exception {
        RouterModel stepwise = RouterModel.of(state("05a", "router ra"));
        for (String conversation : List.of("05a", "05b")) {
            for (WireFrame frame : toRouter(conversation, "router ra", ContentType.DATA_STATE_CHANGE_SET)) {
                assertThat(stepwise.apply(ChangeSet.parseFrom(frame.body()))).isInstanceOf(Applied.Changed.class);
            }
        }
        RouterModel whole = RouterModel.of(state("05c", "router rb"));
        whole.keepKeysOf(stepwise);
        assertThat(stepwise.index()).isEqualTo(whole.index());
        assertThat(events(stepwise)).isEqualTo(events(whole));
        assertThat(events(RouterModel.of(whole.toDataState()))).isEqualTo(events(whole));
    }

    private static Set<String> events(RouterModel model) {
        Set<String> all = new TreeSet<>();
        for (Event event : model.toDataState().getEventsList()) {
            if (event.hasServicePolicyChange()) {
                var change = event.getServicePolicyChange();
                all.add(change.getPolicyId()
                        + change.getRelatedEntityType()
                        + new TreeSet<>(change.getRelatedEntityIdsList()));
            } else {
                all.add(event.toString());
            }
        }
        return all;
    }

    @Test
    void rightsFollowPolicies() throws Exception {
        RouterModel model = RouterModel.of(state("05c", "router rb"));
        var grants = model.toDataState().getEventsList().stream()
                .filter(Event::hasIdentity)
                .map(event -> event.getIdentity().getId())
                .flatMap(id ->
                        model.services(id, PolicyType.DialPolicy).stream().map(service -> List.of(id, service.getId())))
                .toList();
        assertThat(grants).isNotEmpty();
        List<String> grant = grants.getFirst();
        assertThat(model.right(grant.get(0), grant.get(1), PolicyType.DialPolicy))
                .isEqualTo(RouterModel.Right.GRANTED);
        assertThat(model.right(grant.get(0), "nothing", PolicyType.DialPolicy))
                .isEqualTo(RouterModel.Right.NO_SUCH_SERVICE);
        assertThat(model.right("nobody", grant.get(1), PolicyType.DialPolicy))
                .isEqualTo(RouterModel.Right.NO_SUCH_IDENTITY);
        disable(model, grant.get(0));
        assertThat(model.right(grant.get(0), grant.get(1), PolicyType.DialPolicy))
                .isEqualTo(RouterModel.Right.IDENTITY_DISABLED);
        assertThat(model.services(grant.get(0), PolicyType.DialPolicy)).isEmpty();
    }

    private static void disable(RouterModel model, String identityId) {
        DataState.Identity identity = model.identity(identityId).orElseThrow();
        model.apply(ChangeSet.newBuilder()
                .setIndex(model.index() + 3)
                .setPreviousIndex(model.index())
                .addChanges(Event.newBuilder()
                        .setAction(DataState.Action.Update)
                        .setIdentity(identity.toBuilder().setDisabled(true)))
                .build());
    }

    @Test
    void indexesDecideWhatCounts() throws Exception {
        RouterModel model = RouterModel.of(state("05a", "router ra"));
        long index = model.index();
        ChangeSet empty = ChangeSet.newBuilder()
                .setIndex(index + 2)
                .setPreviousIndex(index)
                .build();
        assertThat(model.apply(empty)).isEqualTo(new Applied.Changed(Set.of(ModelAspect.CONTROLLERS_OWN)));
        assertThat(model.apply(empty)).isEqualTo(new Applied.Old());
        assertThat(model.apply(empty.toBuilder()
                        .setIndex(index + 9)
                        .setPreviousIndex(index + 8)
                        .build()))
                .isEqualTo(new Applied.Gap(index + 2, index + 8));
        assertThat(model.apply(ChangeSet.newBuilder().setIsSynthetic(true).build()))
                .isEqualTo(new Applied.Changed(Set.of()));
        assertThat(model.index()).isEqualTo(index + 2);
    }
}
