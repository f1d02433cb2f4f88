package io.postern.controller.policy;

import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.Work;
import io.postern.fabric.policy.Semantic;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** The policy of the system that gives a tunneling edge router's identity its own router. Its id is the router's. */
public final class RouterPolicies {
    private RouterPolicies() {}

    public static Uni<Void> create(Work work, String routerId) {
        var row = new EdgeRouterPolicyRow();
        row.stamp(routerId, work.now());
        row.system();
        List<String> itself = List.of("@" + routerId);
        EdgeRouterPolicyRow.KIND
                .write()
                .accept(
                        row,
                        new EdgeRouterPolicyDraft(
                                "edge-router-" + routerId + "-system", Semantic.AnyOf, itself, itself, null));
        work.changed(EdgeRouterPolicyRow.KIND.name(), routerId, Action.CREATE);
        return work.session().persist(row);
    }

    public static Uni<Void> remove(Work work, String routerId) {
        return work.session().find(EdgeRouterPolicyRow.class, routerId).flatMap(row -> {
            if (row == null || !row.isSystem()) {
                return Uni.createFrom().voidItem();
            }
            work.changed(EdgeRouterPolicyRow.KIND.name(), routerId, Action.DELETE);
            return work.session().remove(row).call(() -> work.session().flush());
        });
    }
}
