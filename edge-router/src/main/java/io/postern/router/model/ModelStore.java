package io.postern.router.model;

import io.postern.fabric.model.Applied;
import io.postern.fabric.model.ModelAspect;
import io.postern.fabric.model.RouterModel;
import io.postern.fabric.model.RouterModel.Right;
import io.postern.pki.Certificates;
import io.postern.router.model.TokenCheck.Refused;
import io.postern.router.model.TokenCheck.Valid;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.PolicyType;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The one copy of the router data model in this process: changed by the subscription, asked by everybody. */
public final class ModelStore implements ModelView {
    private static final Logger LOG = Logger.getLogger(ModelStore.class);

    private final ModelFile file;
    private final Clock clock;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<Consumer<Set<ModelAspect>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> sweeps = new CopyOnWriteArrayList<>();
    private final TokenCache accessTokens = new TokenCache();
    private final TokenCache sessionTokens = new TokenCache();
    private RouterModel model = new RouterModel();
    private volatile ModelKeys keys = ModelKeys.NONE;
    private volatile boolean ready;
    private volatile boolean unsaved;

    /** Reads the file if there is one; blocks for that long. */
    public ModelStore(Path file, Clock clock) {
        this.file = new ModelFile(file);
        this.clock = clock;
        this.file.read().ifPresent(state -> {
            model = RouterModel.of(state);
            keys = new ModelKeys(model.publicKeys());
            ready = true;
            LOG.infof("model.loaded index=%d events=%d", model.index(), state.getEventsCount());
        });
    }

    /** A full state takes the place of everything but the keys, which come apart from it. */
    public void replace(DataState state) {
        RouterModel fresh = RouterModel.of(state);
        write(() -> {
            fresh.keepKeysOf(model);
            model = fresh;
            return null;
        });
        LOG.infof("model.replaced index=%d events=%d", state.getEndIndex(), state.getEventsCount());
        ready = true;
        changed(EnumSet.allOf(ModelAspect.class));
    }

    public Applied apply(DataState.ChangeSet set) {
        Applied applied = write(() -> model.apply(set));
        if (applied instanceof Applied.Changed(Set<ModelAspect> aspects)) {
            changed(aspects);
        }
        return applied;
    }

    private void changed(Set<ModelAspect> aspects) {
        unsaved = true;
        if (aspects.contains(ModelAspect.KEYS)) {
            keys = new ModelKeys(read(() -> model.publicKeys()));
            accessTokens.clear();
            sessionTokens.clear();
        }
        if (!aspects.isEmpty()) {
            listeners.forEach(listener -> listener.accept(aspects));
            sweep();
        }
    }

    /** Lets everybody compare what is open with what is allowed. */
    public void sweep() {
        sweeps.forEach(Runnable::run);
    }

    /** Writes the file when something changed since it was last written; blocks. */
    public void save() {
        if (unsaved) {
            unsaved = false;
            file.write(read(() -> model.toDataState()));
        }
    }

    public long index() {
        return read(() -> model.index());
    }

    public String timelineId() {
        return read(() -> model.timelineId());
    }

    /** SHA-1 of a router's certificate as the model knows it. */
    public Optional<String> routerFingerprint(String routerId) {
        return read(() -> model.router(routerId))
                .filter(router -> !router.getDisabled())
                .map(DataState.Router::getFingerprint);
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public TokenCheck<ApiSessionClaims> verifyAccessToken(String jwt) {
        TokenCheck<ApiSessionClaims> read = accessTokens.get(jwt, () -> TokenVerifier.access(jwt, keys::signing));
        return judged(read, this::refusal);
    }

    @Override
    public TokenCheck<SessionClaims> verifySessionToken(String jwt) {
        TokenCheck<SessionClaims> read = sessionTokens.get(jwt, () -> TokenVerifier.session(jwt, keys::signing));
        return judged(read, this::refusal);
    }

    private static <T> TokenCheck<T> judged(TokenCheck<T> read, Function<T, Optional<String>> refusal) {
        return switch (read) {
            case Valid<T>(T claims) ->
                refusal.apply(claims).<TokenCheck<T>>map(Refused::new).orElse(read);
            case Refused<T> refused -> refused;
        };
    }

    @Override
    public Optional<String> refusal(ApiSessionClaims claims) {
        return read(() -> Standing.refusal(model, claims, clock.instant()));
    }

    private Optional<String> refusal(SessionClaims claims) {
        return read(() -> Standing.refusal(model, claims, clock.instant()));
    }

    @Override
    public Optional<String> certificateRefusal(ApiSessionClaims claims, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return Optional.of("no client certificate");
        }
        X509Certificate leaf = chain.getFirst();
        boolean named = claims.fingerprints().contains(Certificates.sha1(leaf));
        if (!named && !Standing.spiffeNames(leaf, claims)) {
            return Optional.of("client certificate does not belong to the API Session");
        }
        if (!named) {
            return keys.firstParty().refusal(chain, clock.instant(), claims.expiredCertificateAllowed());
        }
        boolean expired = clock.instant().isAfter(leaf.getNotAfter().toInstant());
        return expired && !claims.expiredCertificateAllowed()
                ? Optional.of("client certificate is expired")
                : Optional.empty();
    }

    @Override
    public Decision mayDial(String identityId, String serviceId) {
        return decide(identityId, serviceId, PolicyType.DialPolicy, "dial");
    }

    @Override
    public Decision mayBind(String identityId, String serviceId) {
        return decide(identityId, serviceId, PolicyType.BindPolicy, "bind");
    }

    private Decision decide(String identityId, String serviceId, PolicyType type, String verb) {
        Right right = read(() -> model.right(identityId, serviceId, type));
        return switch (right) {
            case GRANTED -> Decision.YES;
            case NO_SUCH_SERVICE -> new Decision(false, "there is no such service");
            case NO_SUCH_IDENTITY -> new Decision(false, "there is no such identity");
            case IDENTITY_DISABLED -> new Decision(false, "the identity is disabled");
            case NO_POLICY -> new Decision(false, "no service policy lets the identity " + verb + " the service");
            case POSTURE -> new Decision(false, "posture checks of the service are not passed");
        };
    }

    @Override
    public Optional<Service> serviceById(String serviceId) {
        return read(() -> model.service(serviceId)).map(ModelStore::view);
    }

    @Override
    public Optional<Service> serviceByName(String name) {
        return read(() -> model.serviceByName(name)).map(ModelStore::view);
    }

    private static Service view(DataState.Service service) {
        return new Service(
                service.getId(), service.getName(), service.getEncryptionRequired(), service.getConfigsList());
    }

    @Override
    public Optional<Identity> identity(String identityId) {
        return read(() -> model.identity(identityId))
                .map(found -> new Identity(found.getId(), found.getName(), found.getDisabled()));
    }

    @Override
    public List<Service> services(String identityId, SessionClaims.Type type) {
        PolicyType policy = type == SessionClaims.Type.DIAL ? PolicyType.DialPolicy : PolicyType.BindPolicy;
        return read(() -> model.services(identityId, policy)).stream()
                .map(ModelStore::view)
                .toList();
    }

    @Override
    public Map<String, String> configs(String serviceId, String identityId) {
        return read(() -> model.configs(serviceId, identityId));
    }

    @Override
    public String appData(String identityId) {
        return read(() -> model.identity(identityId))
                .map(found -> found.getAppDataJson().toStringUtf8())
                .orElse("");
    }

    @Override
    public void onChange(Consumer<Set<ModelAspect>> listener) {
        listeners.add(listener);
    }

    @Override
    public void onSweep(Runnable sweep) {
        sweeps.add(sweep);
    }

    private <T> T read(Supplier<T> question) {
        lock.readLock().lock();
        try {
            return question.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private <T> T write(Supplier<T> change) {
        lock.writeLock().lock();
        try {
            return change.get();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
