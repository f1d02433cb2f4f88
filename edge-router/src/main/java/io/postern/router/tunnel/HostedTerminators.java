package io.postern.router.tunnel;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.postern.client.crypto.KeyExchange;
import io.postern.client.hosting.HostConfig;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.router.model.ModelView;
import io.postern.router.model.SessionClaims;
import io.postern.wire.Base62;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.RemoveTerminatorsRequest;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorRequestV2;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorResponseV2;
import io.postern.wire.edgectrl.pb.TerminatorPrecedence;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Keeps one Terminator for each way the model says this router hosts a service: compares, creates, removes, and does so
 * again whenever the model or the controllers change and every so often. All of it on one executor; questions on any
 * thread. Fabric sheet 1.3, 6.
 */
final class HostedTerminators {
    private static final Logger LOG = Logger.getLogger(Tunneler.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Service, place among its configs, config text: what must be equal for a Terminator to stay. */
    private record Wish(String serviceId, int place, String config, boolean encrypted) {}

    private static final class Entry {
        final Hosted hosted;
        boolean asked;
        boolean created;

        Entry(Hosted hosted) {
            this.hosted = hosted;
        }
    }

    private final String routerId;
    private final Controllers controllers;
    private final ModelView model;
    private final Executor executor;
    private final Map<Wish, Entry> entries = new HashMap<>();
    private final Set<String> removals = new HashSet<>();
    private final Map<String, Hosted> byTerminator = new ConcurrentHashMap<>();
    private boolean removing;

    HostedTerminators(String routerId, Controllers controllers, ModelView model, Executor executor) {
        this.routerId = routerId;
        this.controllers = controllers;
        this.model = model;
        this.executor = executor;
        controllers.on(ContentType.CREATE_TUNNEL_TERMINATOR_V2_RESPONSE, this::answered);
        controllers.onConnected(peer -> executor.execute(this::affirm));
        model.onChange(aspects -> executor.execute(this::reconcile));
    }

    Optional<Hosted> find(String terminatorId) {
        return Optional.ofNullable(byTerminator.get(terminatorId));
    }

    int count() {
        return byTerminator.size();
    }

    /** A controller that was away may have lost or deleted what it had: creating it again is harmless. */
    private void affirm() {
        entries.values().forEach(entry -> entry.created = false);
        reconcile();
    }

    /** On the executor. Also repeats what was not answered. */
    void reconcile() {
        if (!model.ready() || !controllers.connected()) {
            return;
        }
        Map<Wish, HostConfig> wishes = wishes();
        entries.entrySet().removeIf(each -> {
            boolean gone = !wishes.containsKey(each.getKey());
            if (gone) {
                String id = each.getValue().hosted.terminatorId();
                byTerminator.remove(id);
                removals.add(id);
                LOG.infof(
                        "terminator.unhosted terminatorId=%s serviceId=%s",
                        id, each.getKey().serviceId());
            }
            return gone;
        });
        wishes.forEach((wish, config) -> {
            Entry entry = entries.computeIfAbsent(wish, key -> entry(key, config));
            if (!entry.created && !entry.asked) {
                create(entry);
            }
        });
        flushRemovals();
    }

    private Map<Wish, HostConfig> wishes() {
        Map<Wish, HostConfig> wishes = new HashMap<>();
        for (ModelView.Service service : model.services(routerId, SessionClaims.Type.BIND)) {
            try {
                List<HostConfig> configs = HostConfig.of(model.configs(service.id(), routerId));
                for (int i = 0; i < configs.size(); i++) {
                    wishes.put(
                            new Wish(service.id(), i, configs.get(i).text(), service.encryptionRequired()),
                            configs.get(i));
                }
            } catch (IOException e) {
                LOG.warnf("tunnel.config.unreadable serviceId=%s cause=%s", service.id(), e.getMessage());
            }
        }
        return wishes;
    }

    private Entry entry(Wish wish, HostConfig config) {
        byte[] id = new byte[16];
        RANDOM.nextBytes(id);
        Hosted hosted = new Hosted(Base62.text(id), wish.serviceId(), config, wish.encrypted(), KeyExchange.create());
        byTerminator.put(hosted.terminatorId(), hosted);
        return new Entry(hosted);
    }

    private void create(Entry entry) {
        Hosted hosted = entry.hosted;
        entry.asked = true;
        String name = model.identity(routerId).map(ModelView.Identity::name).orElse("");
        CreateTunnelTerminatorRequestV2.Builder request = CreateTunnelTerminatorRequestV2.newBuilder()
                .setServiceId(hosted.serviceId())
                .setAddress(hosted.terminatorId())
                .setCost(hosted.config().cost())
                .setPrecedence(precedence(hosted.config().precedence()))
                .setInstanceId(hosted.config().instance(name, model.appData(routerId)))
                .setStartTime(System.currentTimeMillis());
        if (hosted.encrypted()) {
            request.putPeerData(
                    Header.PUBLIC_KEY, ByteString.copyFrom(hosted.keys().publicKey()));
        }
        controllers
                .request(
                        FrameBuilder.of(ContentType.CREATE_TUNNEL_TERMINATOR_V2)
                                .body(request.build().toByteArray()),
                        TIMEOUT)
                .whenComplete((frame, failure) -> {
                    if (frame != null) {
                        answered(frame);
                        frame.release();
                    }
                    executor.execute(() -> entry.asked = false);
                });
    }

    private static TerminatorPrecedence precedence(String text) {
        return switch (text) {
            case "required" -> TerminatorPrecedence.Required;
            case "failed" -> TerminatorPrecedence.Failed;
            default -> TerminatorPrecedence.Default;
        };
    }

    /** Controllers may leave the answer uncorrelated; then it is known by its terminator. */
    private void answered(ControlPeer from, Frame frame) {
        answered(frame);
        frame.release();
    }

    private void answered(Frame frame) {
        if (frame.contentType() != ContentType.CREATE_TUNNEL_TERMINATOR_V2_RESPONSE) {
            LOG.warnf("terminator.refused why=%s", frame.bodyText());
            return;
        }
        try {
            CreateTunnelTerminatorResponseV2 response = CreateTunnelTerminatorResponseV2.parseFrom(frame.bodyBytes());
            executor.execute(() -> created(response));
        } catch (InvalidProtocolBufferException e) {
            LOG.warnf("terminator.answer.malformed cause=%s", e.getMessage());
        }
    }

    private void created(CreateTunnelTerminatorResponseV2 response) {
        for (Entry entry : entries.values()) {
            if (!entry.hosted.terminatorId().equals(response.getTerminatorId())) {
                continue;
            }
            if (response.getResult() == CreateTerminatorResult.Success) {
                if (!entry.created) {
                    LOG.infof(
                            "terminator.hosted terminatorId=%s serviceId=%s",
                            entry.hosted.terminatorId(), entry.hosted.serviceId());
                }
                entry.created = true;
            } else {
                LOG.warnf(
                        "terminator.refused terminatorId=%s serviceId=%s why=%s",
                        entry.hosted.terminatorId(), entry.hosted.serviceId(), response.getMsg());
            }
        }
    }

    private void flushRemovals() {
        if (removing || removals.isEmpty()) {
            return;
        }
        removing = true;
        List<String> ids = new ArrayList<>(removals);
        controllers
                .request(
                        FrameBuilder.of(ContentType.REMOVE_TERMINATORS)
                                .body(RemoveTerminatorsRequest.newBuilder()
                                        .addAllTerminatorIds(ids)
                                        .build()
                                        .toByteArray()),
                        TIMEOUT)
                .whenComplete((frame, failure) -> {
                    boolean done = frame != null && frame.bool(Header.RESULT_SUCCESS);
                    if (frame != null) {
                        frame.release();
                    }
                    executor.execute(() -> {
                        removing = false;
                        if (done) {
                            ids.forEach(removals::remove);
                        }
                    });
                });
    }
}
