package io.postern.controller.authenticator;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.Revocations;
import io.postern.controller.kernel.CrudService;
import io.postern.controller.kernel.Found;
import io.postern.controller.kernel.Ids;
import io.postern.controller.kernel.JsonBody;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.References;
import io.postern.controller.kernel.Stored;
import io.postern.controller.kernel.Work;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Authenticators: at most one updb per identity; certificates come by enrollment. */
@Singleton
public class Authenticators extends CrudService<AuthenticatorRow, AuthenticatorDraft, AuthenticatorView> {
    private final Passwords passwords;
    private final Revocations revocations;

    Authenticators(Kernel kernel, Passwords passwords, Revocations revocations) {
        super(AuthenticatorRow.KIND, kernel);
        this.passwords = passwords;
        this.revocations = revocations;
    }

    /** What was begun with it ends with it. */
    @Override
    protected Uni<Void> removing(Work work, AuthenticatorRow row) {
        return revocations.authenticator(work, row.id());
    }

    @Override
    protected List<String> extras() {
        return List.of("(select x.name from identity x where x.id = e.identity_id)");
    }

    @Override
    protected AuthenticatorView view(Found<AuthenticatorRow> found) {
        return found.row().view(found.text(0));
    }

    @Override
    protected Uni<Void> admit(Work work, String id, AuthenticatorDraft draft, @Nullable AuthenticatorDraft before) {
        if (before == null) {
            return admitNew(work, draft);
        }
        if (!draft.method().equals(before.method())) {
            throw Refusal.field("method", "method cannot be changed", draft.method());
        }
        if (!draft.identityId().equals(before.identityId())) {
            throw Refusal.field("identityId", "identityId cannot be changed", draft.identityId());
        }
        if (draft.method().equals(AuthenticatorRow.UPDB)) {
            requireUsername(draft);
        }
        return done();
    }

    private static Uni<Void> admitNew(Work work, AuthenticatorDraft draft) {
        if (!draft.method().equals(AuthenticatorRow.UPDB)) {
            throw Refusal.field("method", "method must be updb: certificates come by enrollment", draft.method());
        }
        requireUsername(draft);
        return References.require(work, "identity", "identityId", List.of(draft.identityId()))
                .chain(() -> work.session()
                        .createNativeQuery(
                                "select exists (select from authenticator where identity_id = ?1 and method = 'updb')",
                                Boolean.class)
                        .setParameter(1, draft.identityId())
                        .getSingleResult())
                .invoke(exists -> {
                    if (exists) {
                        throw Refusal.of(ErrorCode.MAX_AUTHENTICATOR_METHODS_REACHED);
                    }
                })
                .replaceWithVoid();
    }

    private static void requireUsername(AuthenticatorDraft draft) {
        if (draft.username() == null || draft.username().isBlank()) {
            throw Refusal.field("username", "username is required", draft.username());
        }
    }

    @Override
    public Uni<String> create(JsonBody body) {
        AuthenticatorDraft draft = kernel().drafts().read(body, AuthenticatorDraft.class);
        if (draft.password() == null) {
            throw Refusal.field("password", "password is required", null);
        }
        return createUpdb(draft);
    }

    private Uni<String> createUpdb(AuthenticatorDraft draft) {
        return passwords
                .hash(String.valueOf(draft.password()))
                .flatMap(hash -> kernel().write(
                                work -> create(work, Ids.next(), draft).map(row -> {
                                    row.passwordHash = hash;
                                    return row.id();
                                })));
    }

    @Override
    public Uni<Void> patch(String id, JsonBody body) {
        return super.patch(id, body).chain(() -> changePassword(id, body));
    }

    @Override
    public Uni<Void> replace(String id, JsonBody body) {
        return super.replace(id, body).chain(() -> changePassword(id, body));
    }

    /** After the change, which has validated it: hashing would only hold up the transaction. */
    private Uni<Void> changePassword(String id, JsonBody body) {
        String password = kernel().drafts().read(body, Password.class).password();
        return password == null ? done() : setPassword(id, password);
    }

    /** The one field that no stored draft tells back. */
    private record Password(@Nullable String password) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** Replaces a updb authenticator's password. */
    public Uni<Void> setPassword(String id, String password) {
        return passwords
                .hash(password)
                .flatMap(hash -> touch(id, row -> {
                    row.passwordHash = hash;
                    return done();
                }));
    }

    /** A certificate that an enrollment made, within the enrollment's transaction. */
    public Uni<String> addCertificate(
            Work work, String identityId, String fingerprint, String certPem, boolean issuedByNetwork) {
        AuthenticatorRow row = new AuthenticatorRow();
        row.stamp(Ids.next(), work.now());
        row.method = AuthenticatorRow.CERT;
        row.identityId = identityId;
        row.fingerprint = fingerprint;
        row.certPem = certPem;
        row.isIssuedByNetwork = issuedByNetwork;
        return added(work, row).map(Stored::id);
    }

    /** A password that an enrollment set, within the enrollment's transaction. */
    public Uni<String> addPassword(Work work, String identityId, String username, String passwordHash) {
        AuthenticatorRow row = new AuthenticatorRow();
        row.stamp(Ids.next(), work.now());
        row.method = AuthenticatorRow.UPDB;
        row.identityId = identityId;
        row.username = username;
        row.passwordHash = passwordHash;
        return added(work, row).map(Stored::id);
    }

    private Uni<AuthenticatorRow> added(Work work, AuthenticatorRow row) {
        work.changed(kind().name(), row.id(), Action.CREATE);
        return work.session().persist(row).call(() -> work.session().flush()).replaceWith(row);
    }

    /** Asks the owner of a certificate to extend it soon. */
    public Uni<Void> requestExtend(String id, boolean rollKeys) {
        return touch(id, row -> {
            if (!row.method.equals(AuthenticatorRow.CERT)) {
                throw Refusal.of(ErrorCode.UNAUTHORIZED, "authenticator is not a certificate authenticator");
            }
            row.isExtendRequested = true;
            row.isKeyRollRequested = rollKeys;
            row.extendRequestedAt = kernel().now();
            return done();
        });
    }
}
