package io.postern.router.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Timestamp;
import io.postern.router.model.TokenCheck.Refused;
import io.postern.router.model.TokenCheck.Valid;
import io.postern.testkit.Samples;
import io.postern.wire.ContentType;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.ChangeSet;
import io.postern.wire.edgectrl.pb.DataState.Event;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that a stock controller issued, judged by the keys it sent. */
class ModelStoreTest {
    @TempDir
    Path folder;

    private Samples samples;
    private String access;
    private String identityId;
    private Instant issued;
    private ModelStore store;

    @BeforeEach
    void load() throws Exception {
        Assumptions.assumeTrue(Samples.find().isPresent(), Samples::absent);
        samples = Samples.find().orElseThrow();
        JsonNode token = token("oidc access");
        access = token.path("jwt").asText();
        identityId = token.path("claims").path("sub").asText();
        issued = Instant.ofEpochSecond(token.path("claims").path("iat").asLong());
        store = at(issued.plusSeconds(60));
        for (Samples.WireFrame frame : samples.conversation("05a")) {
            if (frame.contentType() == ContentType.DATA_STATE) {
                store.replace(DataState.parseFrom(frame.body()));
            } else if (frame.contentType() == ContentType.DATA_STATE_CHANGE_SET) {
                store.apply(ChangeSet.parseFrom(frame.body()));
            }
        }
        change(Event.newBuilder()
                .setIdentity(DataState.Identity.newBuilder().setId(identityId).setName("sdk")));
    }

    private ModelStore at(Instant now) {
        return new ModelStore(folder.resolve("model"), Clock.fixed(now, ZoneOffset.UTC));
    }

    private JsonNode token(String kind) {
        return samples.vectors("jwts").stream()
                .filter(line -> line.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private void change(Event.Builder event) {
        store.apply(ChangeSet.newBuilder()
                .setIndex(store.index() + 1)
                .setPreviousIndex(store.index())
                .addChanges(event)
                .build());
    }

    private void revoke(String id, String type, Instant issuedBefore) {
        DataState.Revocation.Builder revocation =
                DataState.Revocation.newBuilder().setId(id).setType(type);
        if (issuedBefore != null) {
            revocation.setIssuedBefore(Timestamp.newBuilder().setSeconds(issuedBefore.getEpochSecond()));
        }
        change(Event.newBuilder().setRevocation(revocation));
    }

    private ApiSessionClaims valid() {
        return ((Valid<ApiSessionClaims>) store.verifyAccessToken(access)).claims();
    }

    @Test
    void stockTokensHold() {
        JsonNode claims = token("oidc access").path("claims");
        assertThat(valid().identityId()).isEqualTo(identityId);
        assertThat(valid().apiSessionId()).isEqualTo(claims.path("z_asid").asText());
        assertThat(valid().expiresAt()).isEqualTo(issued.plus(Duration.ofMinutes(30)));
        assertThat(valid().fingerprints()).isNotEmpty();
        TokenCheck<SessionClaims> dial = store.verifySessionToken(
                token("service session Dial").path("jwt").asText());
        if (dial instanceof Valid<SessionClaims>(SessionClaims session)) {
            assertThat(session.type()).isEqualTo(SessionClaims.Type.DIAL);
            assertThat(session.serviceId()).isNotEmpty();
        } else {
            assertThat(((Refused<SessionClaims>) dial).why()).isEqualTo("there is no such identity");
        }
    }

    @Test
    void whatWasChangedOrIsOfAnotherTypeIsRefused() {
        String forged = access.substring(0, access.length() - 6) + "AAAAAA";
        assertThat(store.verifyAccessToken(forged)).isEqualTo(new Refused<>("token signature does not hold"));
        assertThat(store.verifyAccessToken("ey.no.token")).isInstanceOf(Refused.class);
        assertThat(store.verifySessionToken(access)).isEqualTo(new Refused<>("token is of another type"));
    }

    @Test
    void datesRevocationsAndStandingCount() {
        assertThat(store.refusal(valid())).isEmpty();
        ApiSessionClaims claims = valid();
        revoke(identityId, "IDENTITY", issued.minusSeconds(5));
        assertThat(store.refusal(claims)).isEmpty();
        revoke(identityId, "IDENTITY", issued.plusSeconds(5));
        assertThat(store.refusal(claims)).contains("token is revoked");
        change(Event.newBuilder()
                .setAction(DataState.Action.Delete)
                .setRevocation(DataState.Revocation.newBuilder().setId(identityId)));
        assertThat(store.refusal(claims)).isEmpty();
        revoke(claims.apiSessionId(), "API_SESSION", null);
        assertThat(store.verifyAccessToken(access)).isEqualTo(new Refused<>("token is revoked"));
    }

    @Test
    void disabledIdentitiesAndOldTokensAreRefused() {
        ApiSessionClaims claims = valid();
        AtomicInteger sweeps = new AtomicInteger();
        store.onSweep(sweeps::incrementAndGet);
        change(Event.newBuilder()
                .setAction(DataState.Action.Update)
                .setIdentity(DataState.Identity.newBuilder().setId(identityId).setDisabled(true)));
        assertThat(sweeps).hasValue(1);
        assertThat(store.refusal(claims)).contains("the identity is disabled");
        store.save();
        ModelStore later = at(issued.plus(Duration.ofMinutes(31)));
        assertThat(later.ready()).isTrue();
        assertThat(later.verifyAccessToken(access)).isEqualTo(new Refused<>("API Session token is expired"));
    }
}
