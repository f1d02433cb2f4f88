package io.postern.fabric.model;

import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.Event;
import io.postern.wire.edgectrl.pb.DataState.ServicePolicyChange;
import io.postern.wire.edgectrl.pb.ServicePolicyRelatedEntityType;
import java.util.Set;

/** Writes one policy and its members as events. */
final class StatePolicies {
    private StatePolicies() {}

    static void add(DataState.Builder state, PolicyIndex.Policy policy) {
        state.addEvents(Event.newBuilder().setServicePolicy(policy.policy));
        add(state, policy, ServicePolicyRelatedEntityType.RelatedService, policy.services);
        add(state, policy, ServicePolicyRelatedEntityType.RelatedIdentity, policy.identities);
        add(state, policy, ServicePolicyRelatedEntityType.RelatedPostureCheck, policy.postureChecks);
    }

    private static void add(
            DataState.Builder state,
            PolicyIndex.Policy policy,
            ServicePolicyRelatedEntityType type,
            Set<String> members) {
        if (!members.isEmpty()) {
            state.addEvents(Event.newBuilder()
                    .setServicePolicyChange(ServicePolicyChange.newBuilder()
                            .setPolicyId(policy.policy.getId())
                            .setRelatedEntityType(type)
                            .addAllRelatedEntityIds(members)
                            .setAdd(true)));
        }
    }
}
