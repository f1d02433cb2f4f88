package io.postern.controller.rdm;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelEvent;
import io.postern.controller.model.ModelEvent.Side;
import io.postern.controller.model.NetworkModel;
import io.postern.fabric.path.Precedence;
import io.postern.pki.Certificates;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.Action;
import io.postern.wire.edgectrl.pb.DataState.Event;
import io.postern.wire.edgectrl.pb.PolicyType;
import io.postern.wire.edgectrl.pb.ServicePolicyRelatedEntityType;
import io.postern.wire.edgectrl.pb.TerminatorPrecedence;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Writes model events as events of the router data model. Pure. Source: fabric sheet 1.4, 1.5. */
final class DataEvents {
    private static final String ROUTER_TARGET = "router";

    private DataEvents() {}

    /** Events of one change; edge-router and service-edge-router policies have none, routers do not know them. */
    static List<Event> of(NetworkModel model, List<ModelEvent> changes) {
        List<Event> events = new ArrayList<>();
        for (ModelEvent change : changes) {
            switch (change) {
                case ModelEvent.Put(Entry entry, boolean created) ->
                    of(model, entry, created ? Action.Create : Action.Update).ifPresent(events::add);
                case ModelEvent.Gone(Entry entry) ->
                    of(model, entry, Action.Delete).ifPresent(events::add);
                case ModelEvent.Member member -> {
                    boolean told = events.stream()
                            .anyMatch(each -> each.hasServicePolicy()
                                    && each.getServicePolicy()
                                            .getId()
                                            .equals(member.policy().id()));
                    if (!told) {
                        of(model, member.policy(), Action.Update).ifPresent(events::add);
                    }
                    events.add(member(member.policy().id(), member.side(), member.ids(), member.add()));
                }
                case ModelEvent.TerminatorTouched touched -> {}
            }
        }
        return events;
    }

    /** Everything, in the order in which nothing refers to what comes later. */
    static List<Event> full(
            NetworkModel model, List<X509Certificate> authorities, List<X509Certificate> signers, Instant now) {
        List<Event> events = new ArrayList<>();
        creates(model, events, Entry.ConfigType.class);
        creates(model, events, Entry.Config.class);
        creates(model, events, Entry.Identity.class);
        creates(model, events, Entry.Service.class);
        creates(model, events, Entry.Router.class);
        creates(model, events, Entry.PostureCheck.class);
        for (Entry.Policy policy : model.all(Entry.Policy.class)) {
            of(model, policy, Action.Create).ifPresent(event -> {
                events.add(event);
                model.members(policy).forEach((side, ids) -> events.add(member(policy.id(), side, ids, true)));
            });
        }
        events.addAll(publicKeys(authorities, signers));
        model.all(Entry.Revocation.class).stream()
                .filter(revocation -> revocation.expiresAt().isAfter(now))
                .forEach(revocation -> events.add(event(Action.Create)
                        .setRevocation(revocation(revocation))
                        .build()));
        return events;
    }

    private static void creates(NetworkModel model, List<Event> events, Class<? extends Entry> kind) {
        model.all(kind).forEach(entry -> of(model, entry, Action.Create).ifPresent(events::add));
    }

    private static Event.Builder event(Action action) {
        return Event.newBuilder().setAction(action);
    }

    private static Optional<Event> of(NetworkModel model, Entry entry, Action action) {
        Event.Builder event = event(action);
        return switch (entry) {
            case Entry.ConfigType type ->
                done(event.setConfigType(DataState.ConfigType.newBuilder()
                        .setId(type.id())
                        .setName(type.name())
                        .setTarget(type.target())));
            case Entry.Config config ->
                ofRouters(model, config) ? Optional.empty() : done(event.setConfig(config(config)));
            case Entry.Identity identity -> done(event.setIdentity(identity(identity)));
            case Entry.Service service ->
                done(event.setService(DataState.Service.newBuilder()
                        .setId(service.id())
                        .setName(service.name())
                        .setEncryptionRequired(service.encryptionRequired())
                        .addAllConfigs(service.configs())));
            case Entry.Router router ->
                done(event.setRouter(DataState.Router.newBuilder()
                        .setId(router.id())
                        .setName(router.name())
                        .setFingerprint(router.fingerprint() == null ? "" : router.fingerprint())
                        .addAllConfigs(router.configs())
                        .setDisabled(router.disabled())));
            case Entry.Policy policy ->
                policy.kind().isServicePolicy() ? done(event.setServicePolicy(policy(policy))) : Optional.empty();
            case Entry.PostureCheck check -> done(event.setPostureCheck(PostureChecks.of(check)));
            case Entry.Revocation revocation -> done(event.setRevocation(revocation(revocation)));
        };
    }

    private static Optional<Event> done(Event.Builder event) {
        return Optional.of(event.build());
    }

    /** Configurations of routers themselves are not for every router to see. */
    private static boolean ofRouters(NetworkModel model, Entry.Config config) {
        return model.find(Entry.ConfigType.class, config.typeId())
                .filter(type -> type.target().equals(ROUTER_TARGET))
                .isPresent();
    }

    private static DataState.Config.Builder config(Entry.Config config) {
        return DataState.Config.newBuilder()
                .setId(config.id())
                .setTypeId(config.typeId())
                .setName(config.name())
                .setDataJson(config.dataJson());
    }

    private static DataState.ServicePolicy.Builder policy(Entry.Policy policy) {
        return DataState.ServicePolicy.newBuilder()
                .setId(policy.id())
                .setName(policy.name())
                .setPolicyType(policy.kind() == Entry.PolicyKind.BIND ? PolicyType.BindPolicy : PolicyType.DialPolicy);
    }

    private static DataState.Identity.Builder identity(Entry.Identity identity) {
        DataState.Identity.Builder builder = DataState.Identity.newBuilder()
                .setId(identity.id())
                .setName(identity.name())
                .setDisabled(identity.disabled())
                .setDefaultHostingCost(identity.defaultHostingCost())
                .setDefaultHostingPrecedence(precedence(identity.defaultHostingPrecedence()))
                .putAllServiceHostingCosts(identity.serviceHostingCosts());
        identity.serviceHostingPrecedences()
                .forEach((service, each) -> builder.putServiceHostingPrecedences(service, precedence(each)));
        identity.serviceConfigs()
                .forEach((service, configs) -> builder.putServiceConfigs(
                        service,
                        DataState.ServiceConfigs.newBuilder()
                                .putAllConfigs(configs)
                                .build()));
        if (identity.appDataJson() != null) {
            builder.setAppDataJson(ByteString.copyFromUtf8(identity.appDataJson()));
        }
        return builder;
    }

    private static TerminatorPrecedence precedence(Precedence precedence) {
        return TerminatorPrecedence.forNumber(precedence.ordinal());
    }

    private static DataState.Revocation.Builder revocation(Entry.Revocation revocation) {
        DataState.Revocation.Builder builder = DataState.Revocation.newBuilder()
                .setId(revocation.id())
                .setType(revocation.type())
                .setExpiresAt(timestamp(revocation.expiresAt()));
        if (revocation.issuedBefore() != null) {
            builder.setIssuedBefore(timestamp(revocation.issuedBefore()));
        }
        return builder;
    }

    private static Timestamp timestamp(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    private static Event member(String policyId, Side side, Collection<String> ids, boolean add) {
        return event(Action.Create)
                .setServicePolicyChange(DataState.ServicePolicyChange.newBuilder()
                        .setPolicyId(policyId)
                        .setRelatedEntityType(
                                switch (side) {
                                    case SERVICE -> ServicePolicyRelatedEntityType.RelatedService;
                                    case IDENTITY -> ServicePolicyRelatedEntityType.RelatedIdentity;
                                    case POSTURE_CHECK -> ServicePolicyRelatedEntityType.RelatedPostureCheck;
                                })
                        .addAllRelatedEntityIds(ids)
                        .setAdd(add))
                .build();
    }

    /** Authorities may verify clients' certificates only; signing certificates tokens too. */
    static List<Event> publicKeys(List<X509Certificate> authorities, List<X509Certificate> signers) {
        List<Event> events = new ArrayList<>();
        for (X509Certificate authority : authorities) {
            events.add(publicKey(authority, List.of(DataState.PublicKey.Usage.ClientX509CertValidation)));
        }
        for (X509Certificate signer : signers) {
            events.add(publicKey(
                    signer,
                    List.of(
                            DataState.PublicKey.Usage.JWTValidation,
                            DataState.PublicKey.Usage.ClientX509CertValidation)));
        }
        return events;
    }

    private static Event publicKey(X509Certificate certificate, List<DataState.PublicKey.Usage> usages) {
        try {
            return event(Action.Create)
                    .setIsSynthetic(true)
                    .setPublicKey(DataState.PublicKey.newBuilder()
                            .setData(ByteString.copyFrom(certificate.getEncoded()))
                            .setKid(Certificates.sha1(certificate))
                            .setFormat(DataState.PublicKey.Format.X509CertDer)
                            .addAllUsages(usages))
                    .build();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate in use cannot be encoded", e);
        }
    }
}
