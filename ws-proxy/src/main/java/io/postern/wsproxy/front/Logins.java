package io.postern.wsproxy.front;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Opens and ends API Sessions at the controller. Any thread; stages fail with {@code AccessRefused}. */
public interface Logins {
    CompletionStage<Login> login(String username, String password);

    /** Ends the API Session of this token. */
    CompletionStage<Void> logout(String token);

    /** A fresh API Session. */
    record Login(String token, String identityId, String identityName, Instant expiresAt) {
        @Override
        public String toString() {
            return "Login[" + identityName + ", token=***]";
        }
    }
}
