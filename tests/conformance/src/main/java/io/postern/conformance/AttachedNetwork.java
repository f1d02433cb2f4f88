package io.postern.conformance;

import java.net.URI;

/**
 * A network that somebody else runs, told by {@code POSTERN_LANES_ATTACH=url,user,password,routerA,routerB} (router
 * names). Nothing of it is killed.
 */
final class AttachedNetwork implements Network {
    private final Rest admin;
    private final Admin credentials;
    private final String routerA;
    private final String routerB;

    AttachedNetwork(String told) {
        String[] parts = told.split(",");
        this.admin = new Rest(URI.create(parts[0]), null);
        this.credentials = new Admin(parts[1], parts[2]);
        admin.login(parts[1], parts[2]);
        this.routerA = routerId(parts[3]);
        this.routerB = routerId(parts[4]);
    }

    private String routerId(String name) {
        for (var router : admin.get(Rest.MANAGEMENT + "/edge-routers?limit=100")) {
            if (router.path("name").asText().equals(name)) {
                return router.path("id").asText();
            }
        }
        throw new Failed("no edge router is named " + name);
    }

    @Override
    public Rest admin() {
        return admin;
    }

    @Override
    public Admin credentials() {
        return credentials;
    }

    @Override
    public String routerAId() {
        return routerA;
    }

    @Override
    public String routerBId() {
        return routerB;
    }

    @Override
    public boolean breakable() {
        return false;
    }

    @Override
    public void killController() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void startController() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void killRouter(char which) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void startRouter(char which) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
