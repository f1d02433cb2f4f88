package io.postern.controller.rdm;

import io.postern.controller.model.Entry;
import io.postern.wire.edgectrl.pb.DataState.PostureCheck;
import java.util.List;
import java.util.Map;

/** Writes a posture check as routers judge it. Field names are those of the management API. */
final class PostureChecks {
    private PostureChecks() {}

    static PostureCheck of(Entry.PostureCheck check) {
        Map<String, Object> detail = check.detail();
        PostureCheck.Builder builder = PostureCheck.newBuilder()
                .setId(check.id())
                .setName(check.name())
                .setTypeId(check.typeId());
        switch (check.typeId()) {
            case "MAC" ->
                builder.setMac(PostureCheck.Mac.newBuilder().addAllMacAddresses(texts(detail, "macAddresses")));
            case "DOMAIN" ->
                builder.setDomains(PostureCheck.Domains.newBuilder().addAllDomains(texts(detail, "domains")));
            case "MFA" ->
                builder.setMfa(PostureCheck.Mfa.newBuilder()
                        .setTimeoutSeconds(
                                detail.get("timeoutSeconds") instanceof Number seconds ? seconds.longValue() : -1)
                        .setPromptOnWake(Boolean.TRUE.equals(detail.get("promptOnWake")))
                        .setPromptOnUnlock(Boolean.TRUE.equals(detail.get("promptOnUnlock")))
                        .setIgnoreLegacyEndpoints(Boolean.TRUE.equals(detail.get("ignoreLegacyEndpoints"))));
            case "OS" -> {
                PostureCheck.OsList.Builder systems = PostureCheck.OsList.newBuilder();
                objects(detail, "operatingSystems")
                        .forEach(each -> systems.addOsList(PostureCheck.Os.newBuilder()
                                .setOsType(text(each, "type"))
                                .addAllOsVersions(texts(each, "versions"))));
                builder.setOsList(systems);
            }
            case "PROCESS" -> builder.setProcess(process(object(detail, "process")));
            case "PROCESS_MULTI" -> {
                PostureCheck.ProcessMulti.Builder processes =
                        PostureCheck.ProcessMulti.newBuilder().setSemantic(text(detail, "semantic"));
                objects(detail, "processes").forEach(each -> processes.addProcesses(process(each)));
                builder.setProcessMulti(processes);
            }
            default -> {}
        }
        return builder.build();
    }

    private static PostureCheck.Process.Builder process(Map<String, Object> process) {
        return PostureCheck.Process.newBuilder()
                .setOsType(text(process, "osType"))
                .setPath(text(process, "path"))
                .addAllHashes(texts(process, "hashes"))
                .addAllFingerprints(
                        process.containsKey("signerFingerprints")
                                ? texts(process, "signerFingerprints")
                                : List.of(text(process, "signerFingerprint")));
    }

    private static String text(Map<String, Object> from, String key) {
        return from.get(key) instanceof String text ? text : "";
    }

    private static List<String> texts(Map<String, Object> from, String key) {
        return from.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Map<String, Object> object(Map<String, Object> from, String key) {
        return from.get(key) instanceof Map<?, ?> map ? copy(map) : Map.of();
    }

    private static List<Map<String, Object>> objects(Map<String, Object> from, String key) {
        return from.get(key) instanceof List<?> list
                ? list.stream()
                        .filter(Map.class::isInstance)
                        .map(each -> copy((Map<?, ?>) each))
                        .toList()
                : List.of();
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new java.util.HashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }
}
