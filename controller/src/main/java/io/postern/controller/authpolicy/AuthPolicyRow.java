package io.postern.controller.authpolicy;

import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.NoDraft;
import io.postern.controller.kernel.Stored;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;

@Entity
@Table(name = "auth_policy")
class AuthPolicyRow extends Stored {
    static final Kind<AuthPolicyRow, NoDraft> KIND = new Kind<>(
            "authPolicy",
            "auth-policies",
            "auth_policy",
            AuthPolicyRow.class,
            NoDraft.class,
            AuthPolicyRow::new,
            (row, draft) -> {},
            row -> new NoDraft(),
            Map.of(
                    "name", Field.text("name"),
                    "primary.cert.allowed", allowed("cert"),
                    "primary.extJwt.allowed", allowed("extJwt"),
                    "primary.updb.allowed", allowed("updb"),
                    "secondary.requireTotp",
                            Field.of(Field.Type.BOOL, "cast(e.secondary_rules ->> 'requireTotp' as boolean)")),
            Set.of(),
            List.of());

    String name = "";
    JsonObject primaryRules = new JsonObject();
    JsonObject secondaryRules = new JsonObject();

    private static Field allowed(String method) {
        return Field.of(Field.Type.BOOL, "cast(e.primary_rules -> '" + method + "' ->> 'allowed' as boolean)");
    }

    AuthPolicyView view() {
        return new AuthPolicyView(KIND.base(this), name, primaryRules.getMap(), secondaryRules.getMap());
    }
}
