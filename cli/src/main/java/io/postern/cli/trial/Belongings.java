package io.postern.cli.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Json;
import io.postern.client.ApiRefusal;
import io.postern.client.ControllerClient;
import io.postern.client.ControllerClient.Api;
import io.postern.client.Enroller;
import io.postern.client.IdentityFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a trial makes at the controller, and takes away again: the last made goes first. Any thread may close. */
final class Belongings implements AutoCloseable {
    private final ControllerClient admin;
    private final String name;
    private final Deque<String> made = new ArrayDeque<>();
    private boolean closed;

    /** @param name of everything that is made, and its role attribute; nobody else has it */
    Belongings(ControllerClient admin, String name) {
        this.admin = admin;
        this.name = name;
    }

    /** An enrolled identity; its key is kept nowhere. */
    IdentityFile identity(String side) throws IOException {
        ObjectNode draft = named(name + "-" + side).put("type", "Default").put("isAdmin", false);
        draft.putArray("roleAttributes").add(name + "-" + side);
        draft.putObject("enrollment").put("ott", true);
        String path = make("/identities", draft);
        JsonNode shown = admin.get(Api.MANAGEMENT, path);
        return new Enroller()
                .enroll(shown.path("enrollment").path("ott").path("jwt").asText());
    }

    void service() throws IOException {
        ObjectNode service = named(name).put("encryptionRequired", true);
        service.putArray("roleAttributes").add(name);
        make("/services", service);
        policy("/service-policies", "bind", "Bind", "serviceRoles", "#" + name, "identityRoles", "#" + name + "-host");
        policy("/service-policies", "dial", "Dial", "serviceRoles", "#" + name, "identityRoles", "#" + name + "-dial");
        for (String side : new String[] {"host", "dial"}) {
            policy(
                    "/edge-router-policies",
                    side,
                    "",
                    "edgeRouterRoles",
                    "#all",
                    "identityRoles",
                    "#" + name + "-" + side);
        }
        policy("/service-edge-router-policies", "all", "", "serviceRoles", "#" + name, "edgeRouterRoles", "#all");
    }

    private void policy(
            String path, String suffix, String type, String one, String oneRole, String other, String otherRole)
            throws IOException {
        ObjectNode policy = named(name + "-" + suffix).put("semantic", "AnyOf");
        if (!type.isEmpty()) {
            policy.put("type", type);
        }
        policy.putArray(one).add(oneRole);
        policy.putArray(other).add(otherRole);
        make(path, policy);
    }

    private static ObjectNode named(String text) {
        return Json.MAPPER.createObjectNode().put("name", text);
    }

    /** Under the lock, so that what is being made while this closes is taken away as well. */
    private synchronized String make(String path, ObjectNode draft) throws IOException {
        if (closed) {
            throw new IOException("interrupted");
        }
        String whole = path + "/" + admin.create(Api.MANAGEMENT, path, draft);
        made.push(whole);
        return whole;
    }

    /** @throws IOException when something is left; what can be taken away is all the same */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        IOException left = null;
        while (!made.isEmpty()) {
            try {
                admin.delete(Api.MANAGEMENT, made.pop());
            } catch (ApiRefusal e) {
                left = e.code().equals("NOT_FOUND") ? left : e;
            } catch (IOException e) {
                left = e;
            }
        }
        if (left != null) {
            throw new IOException("Something of " + name + " is left at the controller: " + left.getMessage(), left);
        }
    }
}
