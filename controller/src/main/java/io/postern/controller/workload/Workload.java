package io.postern.controller.workload;

/**
 * Who a workload token speaks for.
 *
 * @param pod the pod that the token is bound to; it is the name of its router
 */
record Workload(String namespace, String serviceAccount, String pod) {
    String account() {
        return namespace + "/" + serviceAccount;
    }
}
