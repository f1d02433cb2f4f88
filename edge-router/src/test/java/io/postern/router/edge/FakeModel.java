package io.postern.router.edge;

import io.postern.fabric.model.ModelAspect;
import io.postern.router.model.ApiSessionClaims;
import io.postern.router.model.ModelView;
import io.postern.router.model.SessionClaims;
import io.postern.router.model.TokenCheck;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A model whose tokens are readable: {@code access/identity/apiSession} and {@code dial/identity/apiSession/service}. */
final class FakeModel implements ModelView {
    final Set<String> denied = ConcurrentHashMap.newKeySet();
    final Set<String> services = ConcurrentHashMap.newKeySet();
    final Set<String> encrypted = ConcurrentHashMap.newKeySet();
    final Set<String> revoked = ConcurrentHashMap.newKeySet();
    volatile boolean ready = true;
    volatile String certificateRefusal = "";
    private final List<Consumer<Set<ModelAspect>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> sweeps = new CopyOnWriteArrayList<>();

    static String access(String identity) {
        return "access/" + identity + "/as-" + identity;
    }

    static String dial(String identity, String service) {
        return "dial/" + identity + "/as-" + identity + "/" + service;
    }

    static String bind(String identity, String service) {
        return "bind/" + identity + "/as-" + identity + "/" + service;
    }

    void deny(String right) {
        denied.add(right);
        listeners.forEach(listener -> listener.accept(EnumSet.of(ModelAspect.POLICIES)));
    }

    void revoke(String identity) {
        revoked.add(identity);
        sweeps.forEach(Runnable::run);
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public TokenCheck<ApiSessionClaims> verifyAccessToken(String jwt) {
        String[] parts = jwt.split("/");
        if (parts.length != 3 || !parts[0].equals("access")) {
            return new TokenCheck.Refused<>("not an access token");
        }
        if (revoked.contains(parts[1])) {
            return new TokenCheck.Refused<>("the API session is revoked");
        }
        return new TokenCheck.Valid<>(
                new ApiSessionClaims(parts[2], parts[1], "jti", Instant.EPOCH, Instant.MAX, Set.of(), false));
    }

    @Override
    public TokenCheck<SessionClaims> verifySessionToken(String jwt) {
        String[] parts = jwt.split("/");
        if (parts.length != 4) {
            return new TokenCheck.Refused<>("not a session token");
        }
        return new TokenCheck.Valid<>(new SessionClaims(
                "session",
                parts[2],
                parts[1],
                parts[3],
                parts[0].equals("dial") ? SessionClaims.Type.DIAL : SessionClaims.Type.BIND,
                Instant.EPOCH,
                Instant.MAX));
    }

    @Override
    public Optional<String> refusal(ApiSessionClaims apiSession) {
        return revoked.contains(apiSession.identityId()) ? Optional.of("identity is disabled") : Optional.empty();
    }

    @Override
    public Optional<String> certificateRefusal(ApiSessionClaims apiSession, List<X509Certificate> chain) {
        return certificateRefusal.isEmpty() ? Optional.empty() : Optional.of(certificateRefusal);
    }

    @Override
    public Decision mayDial(String identityId, String serviceId) {
        return decide("dial " + identityId + " " + serviceId);
    }

    @Override
    public Decision mayBind(String identityId, String serviceId) {
        return decide("bind " + identityId + " " + serviceId);
    }

    private Decision decide(String right) {
        return denied.contains(right) ? new Decision(false, "no policy allows " + right) : Decision.YES;
    }

    @Override
    public Optional<Service> serviceById(String serviceId) {
        return services.contains(serviceId)
                ? Optional.of(new Service(serviceId, serviceId, encrypted.contains(serviceId), List.of()))
                : Optional.empty();
    }

    @Override
    public Optional<Service> serviceByName(String name) {
        return serviceById(name);
    }

    @Override
    public Optional<Identity> identity(String identityId) {
        return Optional.of(new Identity(identityId, "name of " + identityId, false));
    }

    @Override
    public List<Service> services(String identityId, SessionClaims.Type type) {
        List<Service> all = new ArrayList<>();
        services.forEach(id -> serviceById(id).ifPresent(all::add));
        return all;
    }

    @Override
    public Map<String, String> configs(String serviceId, String identityId) {
        return Map.of();
    }

    @Override
    public String appData(String identityId) {
        return "";
    }

    @Override
    public void onChange(Consumer<Set<ModelAspect>> listener) {
        listeners.add(listener);
    }

    @Override
    public void onSweep(Runnable sweep) {
        sweeps.add(sweep);
    }
}
