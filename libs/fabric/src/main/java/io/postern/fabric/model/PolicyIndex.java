package io.postern.fabric.model;

import io.postern.wire.edgectrl.pb.DataState.ServicePolicy;
import io.postern.wire.edgectrl.pb.DataState.ServicePolicyChange;
import io.postern.wire.edgectrl.pb.PolicyType;
import io.postern.wire.edgectrl.pb.ServicePolicyRelatedEntityType;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Service policies and what they relate, found from either side. */
final class PolicyIndex {
    /** One policy with its members. */
    static final class Policy {
        ServicePolicy policy;
        final Set<String> services = new HashSet<>();
        final Set<String> identities = new HashSet<>();
        final Set<String> postureChecks = new HashSet<>();

        Policy(ServicePolicy policy) {
            this.policy = policy;
        }

        boolean grants(PolicyType type, String serviceId) {
            return policy.getPolicyType() == type && services.contains(serviceId);
        }
    }

    private final Map<String, Policy> policies = new HashMap<>();
    private final Map<String, Set<Policy>> byIdentity = new HashMap<>();

    void put(ServicePolicy policy) {
        Policy known = policies.get(policy.getId());
        if (known == null) {
            policies.put(policy.getId(), new Policy(policy));
        } else {
            known.policy = policy;
        }
    }

    void remove(String policyId) {
        Policy gone = policies.remove(policyId);
        if (gone != null) {
            gone.identities.forEach(identityId -> unlink(identityId, gone));
        }
    }

    /** Members of a policy that is not known are dropped: the policy comes first in every set. */
    void change(ServicePolicyChange change) {
        Policy policy = policies.get(change.getPolicyId());
        Set<String> members = policy == null ? null : members(policy, change.getRelatedEntityType());
        if (members == null) {
            return;
        }
        boolean identities = change.getRelatedEntityType() == ServicePolicyRelatedEntityType.RelatedIdentity;
        for (String id : change.getRelatedEntityIdsList()) {
            if (change.getAdd()) {
                members.add(id);
                if (identities) {
                    byIdentity.computeIfAbsent(id, unused -> new HashSet<>()).add(policy);
                }
            } else {
                members.remove(id);
                if (identities) {
                    unlink(id, policy);
                }
            }
        }
    }

    private static @Nullable Set<String> members(Policy policy, ServicePolicyRelatedEntityType type) {
        return switch (type) {
            case RelatedService -> policy.services;
            case RelatedIdentity -> policy.identities;
            case RelatedPostureCheck -> policy.postureChecks;
            case InvalidRelatedType, UNRECOGNIZED -> null;
        };
    }

    private void unlink(String identityId, Policy policy) {
        Set<Policy> of = byIdentity.get(identityId);
        if (of != null && of.remove(policy) && of.isEmpty()) {
            byIdentity.remove(identityId);
        }
    }

    void identityGone(String identityId) {
        Set<Policy> of = byIdentity.remove(identityId);
        if (of != null) {
            of.forEach(policy -> policy.identities.remove(identityId));
        }
    }

    void serviceGone(String serviceId) {
        policies.values().forEach(policy -> policy.services.remove(serviceId));
    }

    void postureCheckGone(String checkId) {
        policies.values().forEach(policy -> policy.postureChecks.remove(checkId));
    }

    Collection<Policy> of(String identityId) {
        return byIdentity.getOrDefault(identityId, Set.of());
    }

    Collection<Policy> all() {
        return policies.values();
    }
}
