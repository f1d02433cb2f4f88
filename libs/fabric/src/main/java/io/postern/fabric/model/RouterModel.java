package io.postern.fabric.model;

import io.postern.wire.edgectrl.pb.Cache;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.Action;
import io.postern.wire.edgectrl.pb.DataState.ChangeSet;
import io.postern.wire.edgectrl.pb.DataState.Config;
import io.postern.wire.edgectrl.pb.DataState.ConfigType;
import io.postern.wire.edgectrl.pb.DataState.Event;
import io.postern.wire.edgectrl.pb.DataState.Identity;
import io.postern.wire.edgectrl.pb.DataState.PostureCheck;
import io.postern.wire.edgectrl.pb.DataState.PublicKey;
import io.postern.wire.edgectrl.pb.DataState.Revocation;
import io.postern.wire.edgectrl.pb.DataState.Router;
import io.postern.wire.edgectrl.pb.DataState.Service;
import io.postern.wire.edgectrl.pb.PolicyType;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a router knows of identities, services and policies. Built from one full {@link DataState}, kept by {@link ChangeSet}s
 * whose order is checked by their indexes. Not thread-safe. Source: fabric sheet 1.5.
 */
public final class RouterModel {
    /** How a right came out. */
    public enum Right {
        GRANTED,
        NO_SUCH_SERVICE,
        NO_SUCH_IDENTITY,
        IDENTITY_DISABLED,
        NO_POLICY,
        /** A policy fits, but it asks for posture checks that are not known to pass. */
        POSTURE
    }

    private final Map<String, Identity> identities = new HashMap<>();
    private final Map<String, Service> services = new HashMap<>();
    private final Map<String, String> serviceIdsByName = new HashMap<>();
    private final Map<String, Config> configs = new HashMap<>();
    private final Map<String, ConfigType> configTypes = new HashMap<>();
    private final Map<String, PostureCheck> postureChecks = new HashMap<>();
    private final Map<String, PublicKey> publicKeys = new HashMap<>();
    private final Map<String, Revocation> revocations = new HashMap<>();
    private final Map<String, Router> routers = new HashMap<>();
    private final PolicyIndex policies = new PolicyIndex();
    private final Map<String, Cache> caches = new HashMap<>();
    private long index;
    private String timelineId = "";

    /** A model that is the given full state; its index is the last one of the state. */
    public static RouterModel of(DataState state) {
        RouterModel model = new RouterModel();
        Set<ModelAspect> touched = EnumSet.noneOf(ModelAspect.class);
        state.getEventsList().forEach(event -> model.event(event, touched));
        model.index = state.getEndIndex();
        model.timelineId = state.getTimelineId();
        model.caches.putAll(state.getCachesMap());
        return model;
    }

    /** Keys may arrive outside the numbered sets: a full state that brings none leaves those that are known. */
    public void keepKeysOf(RouterModel before) {
        if (publicKeys.isEmpty()) {
            publicKeys.putAll(before.publicKeys);
        }
    }

    /**
     * Takes a change set if it is the next one. {@link Applied.Old} and {@link Applied.Gap} change nothing; after a gap the whole
     * state has to be asked for. A synthetic set has no place in the order and is always taken.
     */
    public Applied apply(ChangeSet set) {
        if (!set.getIsSynthetic()) {
            if (set.getIndex() <= index) {
                return new Applied.Old();
            }
            if (set.getPreviousIndex() > 0 && set.getPreviousIndex() != index) {
                return new Applied.Gap(index, set.getPreviousIndex());
            }
        }
        Set<ModelAspect> touched = EnumSet.noneOf(ModelAspect.class);
        set.getChangesList().forEach(event -> event(event, touched));
        if (!set.getIsSynthetic()) {
            index = set.getIndex();
            if (set.getChangesCount() == 0) {
                touched.add(ModelAspect.CONTROLLERS_OWN);
            }
        }
        return new Applied.Changed(touched);
    }

    private void event(Event event, Set<ModelAspect> touched) {
        boolean delete = event.getAction() == Action.Delete;
        switch (event.getModelCase()) {
            case IDENTITY -> touched.addAll(identity(event.getIdentity(), delete));
            case SERVICE -> touched.addAll(service(event.getService(), delete));
            case SERVICEPOLICY, SERVICEPOLICYCHANGE, POSTURECHECK -> touched.add(policy(event, delete));
            case PUBLICKEY -> {
                put(publicKeys, event.getPublicKey().getKid(), event.getPublicKey(), delete);
                touched.add(ModelAspect.KEYS);
            }
            case REVOCATION -> {
                put(revocations, event.getRevocation().getId(), event.getRevocation(), delete);
                touched.add(ModelAspect.REVOCATIONS);
            }
            case CONFIGTYPE -> {
                put(configTypes, event.getConfigType().getId(), event.getConfigType(), delete);
                touched.add(ModelAspect.CONFIGS);
            }
            case CONFIG -> {
                put(configs, event.getConfig().getId(), event.getConfig(), delete);
                touched.add(ModelAspect.CONFIGS);
            }
            case ROUTER -> {
                put(routers, event.getRouter().getId(), event.getRouter(), delete);
                touched.add(ModelAspect.ROUTERS);
            }
            case MODEL_NOT_SET -> {
                // a kind that a newer controller knows
            }
        }
    }

    private ModelAspect policy(Event event, boolean delete) {
        if (event.hasPostureCheck()) {
            put(postureChecks, event.getPostureCheck().getId(), event.getPostureCheck(), delete);
            if (delete) {
                policies.postureCheckGone(event.getPostureCheck().getId());
            }
            return ModelAspect.POSTURE;
        }
        if (event.hasServicePolicyChange()) {
            policies.change(event.getServicePolicyChange());
        } else if (delete) {
            policies.remove(event.getServicePolicy().getId());
        } else {
            policies.put(event.getServicePolicy());
        }
        return ModelAspect.POLICIES;
    }

    private Set<ModelAspect> identity(Identity identity, boolean delete) {
        put(identities, identity.getId(), identity, delete);
        if (delete) {
            policies.identityGone(identity.getId());
        }
        return EnumSet.of(ModelAspect.IDENTITIES);
    }

    private Set<ModelAspect> service(Service service, boolean delete) {
        Service before = services.get(service.getId());
        if (before != null) {
            serviceIdsByName.remove(before.getName(), service.getId());
        }
        put(services, service.getId(), service, delete);
        if (delete) {
            policies.serviceGone(service.getId());
        } else {
            serviceIdsByName.put(service.getName(), service.getId());
        }
        return EnumSet.of(ModelAspect.SERVICES);
    }

    private static <T> void put(Map<String, T> map, String id, T value, boolean delete) {
        if (delete) {
            map.remove(id);
        } else {
            map.put(id, value);
        }
    }

    /** Index of the last change that was taken. */
    public long index() {
        return index;
    }

    /** Which history the index counts; empty for none. */
    public String timelineId() {
        return timelineId;
    }

    public Optional<Identity> identity(String id) {
        return Optional.ofNullable(identities.get(id));
    }

    public Optional<Service> service(String id) {
        return Optional.ofNullable(services.get(id));
    }

    public Optional<Service> serviceByName(String name) {
        return Optional.ofNullable(serviceIdsByName.get(name)).map(services::get);
    }

    public Optional<Router> router(String id) {
        return Optional.ofNullable(routers.get(id));
    }

    public Optional<PublicKey> publicKey(String kid) {
        return Optional.ofNullable(publicKeys.get(kid));
    }

    public Collection<PublicKey> publicKeys() {
        return List.copyOf(publicKeys.values());
    }

    public Optional<Revocation> revocation(String id) {
        return Optional.ofNullable(revocations.get(id));
    }

    /** Whether the identity may dial, or bind, the service; the identity's standing counts. */
    public Right right(String identityId, String serviceId, PolicyType type) {
        Identity identity = identities.get(identityId);
        if (identity == null) {
            return Right.NO_SUCH_IDENTITY;
        }
        if (identity.getDisabled()) {
            return Right.IDENTITY_DISABLED;
        }
        if (!services.containsKey(serviceId)) {
            return Right.NO_SUCH_SERVICE;
        }
        Right best = Right.NO_POLICY;
        for (PolicyIndex.Policy policy : policies.of(identityId)) {
            if (policy.grants(type, serviceId)) {
                if (policy.postureChecks.isEmpty()) {
                    return Right.GRANTED;
                }
                best = Right.POSTURE;
            }
        }
        return best;
    }

    /** Every service the identity may dial, or bind. */
    public List<Service> services(String identityId, PolicyType type) {
        Identity identity = identities.get(identityId);
        if (identity == null || identity.getDisabled()) {
            return List.of();
        }
        return policies.of(identityId).stream()
                .filter(policy -> policy.policy.getPolicyType() == type && policy.postureChecks.isEmpty())
                .flatMap(policy -> policy.services.stream())
                .distinct()
                .map(services::get)
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    /** The service's configs by type name, as JSON; what the identity has of its own for this service wins. */
    public Map<String, String> configs(String serviceId, String identityId) {
        Map<String, String> byTypeId = new LinkedHashMap<>();
        Service service = services.get(serviceId);
        if (service != null) {
            for (String configId : service.getConfigsList()) {
                Config config = configs.get(configId);
                if (config != null) {
                    byTypeId.put(config.getTypeId(), config.getDataJson());
                }
            }
        }
        Identity identity = identities.get(identityId);
        if (identity != null && identity.containsServiceConfigs(serviceId)) {
            identity.getServiceConfigsOrThrow(serviceId).getConfigsMap().forEach((typeId, configId) -> {
                Config config = configs.get(configId);
                if (config != null) {
                    byTypeId.put(typeId, config.getDataJson());
                }
            });
        }
        Map<String, String> byName = new LinkedHashMap<>();
        byTypeId.forEach((typeId, json) -> {
            ConfigType type = configTypes.get(typeId);
            byName.put(type == null ? typeId : type.getName(), json);
        });
        return byName;
    }

    /** The whole model as one state, in the order of fabric sheet 1.5; {@link #of} gives the same model again. */
    public DataState toDataState() {
        DataState.Builder state = DataState.newBuilder().setEndIndex(index).setTimelineId(timelineId);
        configTypes.values().forEach(x -> state.addEvents(Event.newBuilder().setConfigType(x)));
        configs.values().forEach(x -> state.addEvents(Event.newBuilder().setConfig(x)));
        identities.values().forEach(x -> state.addEvents(Event.newBuilder().setIdentity(x)));
        services.values().forEach(x -> state.addEvents(Event.newBuilder().setService(x)));
        routers.values().forEach(x -> state.addEvents(Event.newBuilder().setRouter(x)));
        postureChecks.values().forEach(x -> state.addEvents(Event.newBuilder().setPostureCheck(x)));
        policies.all().forEach(policy -> StatePolicies.add(state, policy));
        publicKeys.values().forEach(x -> state.addEvents(Event.newBuilder().setPublicKey(x)));
        revocations.values().forEach(x -> state.addEvents(Event.newBuilder().setRevocation(x)));
        return state.putAllCaches(caches).build();
    }
}
