package io.postern.cli.advice;

import java.util.List;

/**
 * What the controller knows of one identity and one service.
 *
 * @param disabled may the identity not log in?
 * @param dial does a service policy let it dial?
 * @param bind does one let it host?
 * @param identityRouters how many edge routers the identity may use
 * @param serviceRouters how many edge routers the service may go over
 * @param common the edge routers that are both
 * @param online names of all edge routers that are online
 * @param terminators where it is hosted
 */
record Facts(
        Named identity,
        Named service,
        boolean disabled,
        boolean dial,
        boolean bind,
        int identityRouters,
        int serviceRouters,
        List<Router> common,
        List<String> online,
        List<Terminator> terminators) {
    Facts {
        common = List.copyOf(common);
        online = List.copyOf(online);
        terminators = List.copyOf(terminators);
    }

    /** An entity; the id stands for it where the name cannot. */
    record Named(String id, String name) {}

    record Router(String name, boolean online) {}

    record Terminator(String router) {}
}
