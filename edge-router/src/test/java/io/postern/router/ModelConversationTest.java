package io.postern.router;

import static io.postern.router.RouterRig.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.router.ScriptedController.Session;
import io.postern.router.model.ModelSubscription;
import io.postern.router.model.ModelView.Decision;
import io.postern.testkit.LogCapture;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.Event;
import io.postern.wire.edgectrl.pb.PolicyType;
import io.postern.wire.edgectrl.pb.ServicePolicyRelatedEntityType;
import io.postern.wire.edgectrl.pb.SubscribeToDataModelRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a whole router comes to its data model, keeps it, and what it does when it cannot read it. */
class ModelConversationTest {
    @TempDir
    Path folder;

    private RouterRig rig;
    private ScriptedController controller;

    @BeforeEach
    void start() throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        rig = new RouterRig(folder);
        controller = rig.controller;
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void theModelIsAppliedKeptAndReadAgainWithoutAController() throws Exception {
        RouterNode node = rig.node("ra", RouterRig.EDGE);
        Session ra = controller.router("ra");
        RouterRig.model(ra, state());
        await().until(() -> node.model().mayDial("alice", "web").equals(Decision.YES));
        assertThat(node.model().mayBind("alice", "web").allowed()).isFalse();

        DataState.ChangeSet next = DataState.ChangeSet.newBuilder()
                .setIndex(9)
                .setPreviousIndex(7)
                .addChanges(Event.newBuilder()
                        .setAction(DataState.Action.Update)
                        .setIdentity(
                                DataState.Identity.newBuilder().setId("alice").setName("Alice")))
                .build();
        ra.channel.send(body(ContentType.DATA_STATE_CHANGE_SET, next));
        await().until(() -> node.model().index() == 9);
        DataState.ChangeSet gap =
                next.toBuilder().setIndex(20).setPreviousIndex(15).build();
        ra.channel.send(body(ContentType.DATA_STATE_CHANGE_SET, gap));
        SubscribeToDataModelRequest again = SubscribeToDataModelRequest.parseFrom(
                ra.next(ContentType.SUBSCRIBE_TO_DATA_MODEL).bodyBytes());
        assertThat(again.getCurrentIndex()).isEqualTo(9);
        assertThat(again.getTimelineId()).isEqualTo("timeline");

        node.close();
        controller.stop();
        RouterNode restarted = rig.node("ra", RouterRig.EDGE);
        assertThat(restarted.model().ready()).isTrue();
        assertThat(restarted.model().index()).isEqualTo(9);
        assertThat(restarted.model().mayDial("alice", "web")).isEqualTo(Decision.YES);
        assertThat(restarted.model().identity("alice").orElseThrow().name()).isEqualTo("Alice");
        controller.restart();
        SubscribeToDataModelRequest resumed = SubscribeToDataModelRequest.parseFrom(controller
                .router("ra")
                .next(ContentType.SUBSCRIBE_TO_DATA_MODEL)
                .bodyBytes());
        assertThat(resumed.getCurrentIndex()).isEqualTo(9);
    }

    private static DataState state() {
        DataState.ServicePolicyChange.Builder member =
                DataState.ServicePolicyChange.newBuilder().setPolicyId("p").setAdd(true);
        return DataState.newBuilder()
                .setEndIndex(7)
                .setTimelineId("timeline")
                .addEvents(Event.newBuilder()
                        .setIdentity(
                                DataState.Identity.newBuilder().setId("alice").setName("alice")))
                .addEvents(Event.newBuilder()
                        .setService(DataState.Service.newBuilder().setId("web").setName("web")))
                .addEvents(Event.newBuilder()
                        .setServicePolicy(
                                DataState.ServicePolicy.newBuilder().setId("p").setPolicyType(PolicyType.DialPolicy)))
                .addEvents(Event.newBuilder()
                        .setServicePolicyChange(member.clone()
                                .setRelatedEntityType(ServicePolicyRelatedEntityType.RelatedService)
                                .addRelatedEntityIds("web")))
                .addEvents(Event.newBuilder()
                        .setServicePolicyChange(member.clone()
                                .setRelatedEntityType(ServicePolicyRelatedEntityType.RelatedIdentity)
                                .addRelatedEntityIds("alice")))
                .build();
    }

    @Test
    void aModelThatCannotBeReadCostsTheControlChannelAndIsAskedForAgain() throws Exception {
        RouterNode node = rig.node("ra", RouterRig.EDGE);
        String subscriptionId = RouterRig.model(controller.router("ra"), state());
        await().until(() -> node.model().index() == 7);
        List<String> said = new CopyOnWriteArrayList<>();
        for (int type : List.of(ContentType.DATA_STATE_CHANGE_SET, ContentType.DATA_STATE)) {
            Session before = controller.router("ra");
            try (LogCapture log = LogCapture.of(ModelSubscription.class, said::add)) {
                before.channel.send(FrameBuilder.of(type)
                        .string(Header.DATA_MODEL_SUBSCRIPTION_ID, subscriptionId)
                        .body(new byte[] {(byte) 0xff, 1, 2}));
                await().until(() -> !before.channel.isOpen());
            }
        }
        assertThat(said).hasSize(2).allMatch(line -> line.contains("model.malformed controllerId=instance-1"));
        assertThat(said.getFirst()).contains("what=changes", "index=7");
        assertThat(said.getLast()).contains("what=state");
        assertThat(node.model().mayDial("alice", "web"))
                .as("what is known stands")
                .isEqualTo(Decision.YES);

        Session after = controller.router("ra");
        SubscribeToDataModelRequest again = SubscribeToDataModelRequest.parseFrom(
                after.next(ContentType.SUBSCRIBE_TO_DATA_MODEL).bodyBytes());
        assertThat(again.getCurrentIndex()).isEqualTo(7);
        after.channel.send(body(
                ContentType.DATA_STATE_CHANGE_SET,
                DataState.ChangeSet.newBuilder().setIndex(8).setPreviousIndex(7).build()));
        await().until(() -> node.model().index() == 8);
    }
}
