package io.postern.router.tunnel;

import io.postern.fabric.model.ModelAspect;
import io.postern.router.model.ApiSessionClaims;
import io.postern.router.model.ModelView;
import io.postern.router.model.SessionClaims;
import io.postern.router.model.TokenCheck;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Services with their configs; everything is allowed. */
final class TunnelModel implements ModelView {
    final Map<String, Service> services = new ConcurrentHashMap<>();
    final Map<String, Map<String, String>> configs = new ConcurrentHashMap<>();
    final List<Consumer<Set<ModelAspect>>> listeners = new CopyOnWriteArrayList<>();

    void service(String name, boolean encrypted, Map<String, String> configsOfService) {
        configs.put("id-" + name, configsOfService);
        services.put(name, new Service("id-" + name, name, encrypted, List.of()));
        listeners.forEach(listener -> listener.accept(EnumSet.allOf(ModelAspect.class)));
    }

    /** What only controllers know has changed. */
    void elsewhere() {
        listeners.forEach(listener -> listener.accept(EnumSet.of(ModelAspect.CONTROLLERS_OWN)));
    }

    void remove(String name) {
        services.remove(name);
        listeners.forEach(listener -> listener.accept(EnumSet.allOf(ModelAspect.class)));
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public TokenCheck<ApiSessionClaims> verifyAccessToken(String jwt) {
        return new TokenCheck.Refused<>("");
    }

    @Override
    public TokenCheck<SessionClaims> verifySessionToken(String jwt) {
        return new TokenCheck.Refused<>("");
    }

    @Override
    public Optional<String> refusal(ApiSessionClaims apiSession) {
        return Optional.empty();
    }

    @Override
    public Optional<String> certificateRefusal(ApiSessionClaims apiSession, List<X509Certificate> chain) {
        return Optional.empty();
    }

    @Override
    public Decision mayDial(String identityId, String serviceId) {
        return Decision.YES;
    }

    @Override
    public Decision mayBind(String identityId, String serviceId) {
        return Decision.YES;
    }

    @Override
    public Optional<Service> serviceById(String serviceId) {
        return services.values().stream().filter(s -> s.id().equals(serviceId)).findFirst();
    }

    @Override
    public Optional<Service> serviceByName(String name) {
        return Optional.ofNullable(services.get(name));
    }

    @Override
    public Optional<Identity> identity(String identityId) {
        return Optional.of(new Identity(identityId, "router " + identityId, false));
    }

    @Override
    public List<Service> services(String identityId, SessionClaims.Type type) {
        return new ArrayList<>(services.values());
    }

    @Override
    public Map<String, String> configs(String serviceId, String identityId) {
        return configs.getOrDefault(serviceId, Map.of());
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
    public void onSweep(Runnable sweep) {}
}
