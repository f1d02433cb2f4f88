package io.postern.wsproxy.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.postern.client.ApiRefusal;
import io.postern.client.ControllerClient;
import io.postern.client.ControllerClient.Api;
import io.postern.client.IdentityFile;
import io.postern.wsproxy.access.AccessRefused;
import io.postern.wsproxy.front.Logins;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/** Logins of people at the controller that the identity file names; each call on a virtual thread, few at a time. */
@Singleton
public class ControllerLogins implements Logins {
    /** Checking a password is dear for the controller. */
    private static final int AT_ONCE = 8;

    private final Instance<IdentityFile> identity;
    private final Semaphore places = new Semaphore(AT_ONCE);

    ControllerLogins(Instance<IdentityFile> identity) {
        this.identity = identity;
    }

    @FunctionalInterface
    private interface Call<T> {
        T make(ControllerClient controller) throws IOException;
    }

    @Override
    public CompletionStage<Login> login(String username, String password) {
        return call(controller -> {
            var body = JsonNodeFactory.instance
                    .objectNode()
                    .put("username", username)
                    .put("password", password);
            JsonNode answer = controller.post(Api.CLIENT, "/authenticate?method=password", body);
            return new Login(
                    answer.path("token").asText(),
                    answer.path("identityId")
                            .asText(answer.path("identity").path("id").asText()),
                    answer.path("identity").path("name").asText(username),
                    instant(answer.path("expiresAt").asText()));
        });
    }

    @Override
    public CompletionStage<Void> logout(String token) {
        return call(controller -> {
            controller.resume(token);
            controller.delete(Api.CLIENT, "/current-api-session");
            return null;
        });
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.now().plusSeconds(60);
        }
    }

    private <T> CompletionStage<T> call(Call<T> call) {
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(new AccessRefused(503, "Too many logins at once; try again."));
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            URI address = identity.get().controllers().getFirst();
            List<X509Certificate> trust = identity.get().trust();
            try (ControllerClient controller = ControllerClient.of(address, trust)) {
                done.complete(call.make(controller));
            } catch (ApiRefusal e) {
                done.completeExceptionally(
                        e.status() == 401 || e.status() == 403
                                ? new AccessRefused(401, "The name or the password is wrong.")
                                : new AccessRefused(503, "The controller refuses logins now."));
            } catch (IOException e) {
                done.completeExceptionally(new AccessRefused(503, "The controller does not answer."));
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            } finally {
                places.release();
            }
        });
        return done;
    }
}
