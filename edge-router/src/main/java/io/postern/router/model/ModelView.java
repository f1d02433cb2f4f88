package io.postern.router.model;

import io.postern.fabric.model.ModelAspect;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Questions to the router data model. Any thread, no waiting; answers hold until the next change. */
public interface ModelView {
    /** @param encryptionRequired the client must bring a key */
    record Service(String id, String name, boolean encryptionRequired, List<String> configIds) {}

    record Identity(String id, String name, boolean disabled) {}

    /** May or may not; the text says why not and is fit for the peer. */
    record Decision(boolean allowed, String why) {
        public static final Decision YES = new Decision(true, "");
    }

    /** False until a first data state was received or read from disk. */
    boolean ready();

    /** Signature, dates, type, revocations, identity's standing. Not the certificate: see {@link #certificateRefusal}. */
    TokenCheck<ApiSessionClaims> verifyAccessToken(String jwt);

    TokenCheck<SessionClaims> verifySessionToken(String jwt);

    /** Why an API Session that was valid may not go on: expired, revoked, identity disabled or gone. For sweeps. */
    Optional<String> refusal(ApiSessionClaims apiSession);

    /** Why this client certificate, leaf first, may not carry this API Session. */
    Optional<String> certificateRefusal(ApiSessionClaims apiSession, List<X509Certificate> chain);

    Decision mayDial(String identityId, String serviceId);

    Decision mayBind(String identityId, String serviceId);

    Optional<Service> serviceById(String serviceId);

    Optional<Service> serviceByName(String name);

    Optional<Identity> identity(String identityId);

    /** Services this identity may dial, or bind. */
    List<Service> services(String identityId, SessionClaims.Type type);

    /** Configs of a service as this identity sees them (its own overrides win): type name to JSON. */
    Map<String, String> configs(String serviceId, String identityId);

    /** Tags of the identity, for addressing templates; JSON text, empty when none. */
    String appData(String identityId);

    /** Called after each change with what it touched, on no particular thread, never with a lock held; must not block. */
    void onChange(Consumer<Set<ModelAspect>> listener);

    /** Called about once a second, and after changes, to re-check what is open against {@link #refusal} and the rights. */
    void onSweep(Runnable sweep);
}
