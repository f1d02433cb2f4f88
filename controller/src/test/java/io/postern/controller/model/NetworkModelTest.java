package io.postern.controller.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.model.Entry.PolicyKind;
import io.postern.controller.model.ModelEvent.Side;
import io.postern.fabric.path.Precedence;
import io.postern.fabric.policy.Semantic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who policies speak of as entities and policies come, change and go. */
class NetworkModelTest {
    private final NetworkModel model = new NetworkModel();

    @BeforeEach
    void fill() {
        model.put(identity("i1", "sales"));
        model.put(identity("i2"));
        model.put(service("s1", "web"));
        model.put(router("r1", "edge"));
    }

    private static Entry.Identity identity(String id, String... attributes) {
        return new Entry.Identity(
                id, "name-" + id, false, Set.of(attributes), Precedence.DEFAULT, 0, Map.of(), Map.of(), null, Map.of());
    }

    private static Entry.Service service(String id, String... attributes) {
        return new Entry.Service(id, "name-" + id, false, List.of(), Set.of(attributes), "smartrouting", 0);
    }

    private static Entry.Router router(String id, String... attributes) {
        return new Entry.Router(id, "name-" + id, "f", null, false, 0, false, false, Set.of(attributes), List.of());
    }

    private static Entry.Policy policy(String id, PolicyKind kind, String left, String right) {
        return new Entry.Policy(id, id, kind, Semantic.AnyOf, List.of(left), List.of(right), List.of());
    }

    private static ModelEvent.Member member(Entry.Policy policy, Side side, String id, boolean add) {
        return new ModelEvent.Member(policy, side, Set.of(id), add);
    }

    @Test
    void aPolicySaysWhomItJoins() {
        Entry.Policy dial = policy("p", PolicyKind.DIAL, "#sales", "@s1");
        assertThat(model.put(dial))
                .containsExactlyInAnyOrder(
                        new ModelEvent.Put(dial, true),
                        member(dial, Side.IDENTITY, "i1", true),
                        member(dial, Side.SERVICE, "s1", true));
        assertThat(model.joins(PolicyKind.DIAL, "i1", "s1")).isTrue();
        assertThat(model.joins(PolicyKind.BIND, "i1", "s1")).isFalse();
        assertThat(model.joins(PolicyKind.DIAL, "i2", "s1")).isFalse();
        assertThat(model.put(dial)).as("the same again").isEmpty();
    }

    @Test
    void anAttributeJoinsAndItsLossParts() {
        Entry.Policy dial = policy("p", PolicyKind.DIAL, "#sales", "#web");
        model.put(dial);
        assertThat(model.put(identity("i2", "sales"))).contains(member(dial, Side.IDENTITY, "i2", true));
        assertThat(model.joins(PolicyKind.DIAL, "i2", "s1")).isTrue();
        assertThat(model.put(identity("i1"))).contains(member(dial, Side.IDENTITY, "i1", false));
        assertThat(model.joins(PolicyKind.DIAL, "i1", "s1")).isFalse();
        assertThat(model.put(service("s2", "web"))).contains(member(dial, Side.SERVICE, "s2", true));
    }

    @Test
    void aChangedPolicyTellsTheDifferenceOnly() {
        model.put(policy("p", PolicyKind.DIAL, "#sales", "@s1"));
        Entry.Policy wider = policy("p", PolicyKind.DIAL, "#all", "@s1");
        assertThat(model.put(wider))
                .containsExactlyInAnyOrder(new ModelEvent.Put(wider, false), member(wider, Side.IDENTITY, "i2", true));
        Entry.Policy other = policy("p", PolicyKind.DIAL, "@i2", "@s1");
        assertThat(model.put(other)).contains(member(other, Side.IDENTITY, "i1", false));
    }

    @Test
    void whatIsGoneIsJoinedNoMore() {
        Entry.Policy dial = policy("p", PolicyKind.DIAL, "#all", "#all");
        model.put(dial);
        model.remove(Entry.Identity.class, "i1");
        assertThat(model.joins(PolicyKind.DIAL, "i1", "s1")).isFalse();
        assertThat(model.members(dial).get(Side.IDENTITY)).containsExactly("i2");
        assertThat(model.remove(Entry.Policy.class, dial.key())).containsExactly(new ModelEvent.Gone(dial));
        assertThat(model.joins(PolicyKind.DIAL, "i2", "s1")).isFalse();
        assertThat(model.remove(Entry.Policy.class, dial.key())).isEmpty();
    }

    @Test
    void refusalsNameThePolicyThatIsMissing() {
        Entry.Identity identity = identity("i1", "sales");
        Entry.Service service = service("s1", "web");
        assertThat(Rights.refusal(model, PolicyKind.DIAL, identity, service, "r1"))
                .hasValueSatisfying(text -> assertThat(text).startsWith("no Dial service policy"));
        model.put(policy("same", PolicyKind.DIAL, "@i1", "@s1"));
        assertThat(Rights.refusal(model, PolicyKind.DIAL, identity, service, "r1"))
                .hasValueSatisfying(text -> assertThat(text).startsWith("no edge-router policy"));
        model.put(policy("same", PolicyKind.EDGE_ROUTER, "#sales", "#edge"));
        assertThat(Rights.refusal(model, PolicyKind.DIAL, identity, service, "r1"))
                .hasValueSatisfying(text -> assertThat(text).startsWith("no service-edge-router policy"));
        model.put(policy("same", PolicyKind.SERVICE_EDGE_ROUTER, "#web", "#all"));
        assertThat(Rights.refusal(model, PolicyKind.DIAL, identity, service, "r1"))
                .isEmpty();
    }
}
