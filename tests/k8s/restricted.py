"""Kubernetes' restricted pod security profile, and a read-only root beside it, as rules over one pod template."""

VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}


def violations(spec):
    """What a pod spec does that the profile forbids, as sentences."""
    found = []
    pod = spec.get("securityContext") or {}
    for flag in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(flag):
            found.append(flag)
    for volume in spec.get("volumes", []):
        kinds = set(volume) - {"name"}
        if not kinds <= VOLUMES:
            found.append(f"volume {volume['name']} is {kinds}")
    if pod.get("sysctls"):
        found.append("sysctls")
    for container in spec.get("initContainers", []) + spec.get("containers", []) + spec.get("ephemeralContainers", []):
        name, own = container["name"], container.get("securityContext") or {}
        if own.get("privileged"):
            found.append(f"{name} is privileged")
        if own.get("allowPrivilegeEscalation") is not False:
            found.append(f"{name} may escalate privileges")
        if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
            found.append(f"{name} may run as root")
        if own.get("runAsUser", pod.get("runAsUser")) == 0:
            found.append(f"{name} runs as user 0")
        seccomp = (own.get("seccompProfile") or pod.get("seccompProfile") or {}).get("type")
        if seccomp not in ("RuntimeDefault", "Localhost"):
            found.append(f"{name} has seccomp profile {seccomp}")
        capabilities = own.get("capabilities") or {}
        if "ALL" not in capabilities.get("drop", []):
            found.append(f"{name} does not drop all capabilities")
        if set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
            found.append(f"{name} adds capabilities {capabilities['add']}")
        if own.get("procMount", "Default") != "Default":
            found.append(f"{name} has proc mount {own['procMount']}")
        if any("hostPort" in port for port in container.get("ports", [])):
            found.append(f"{name} takes a port of the host")
        if own.get("readOnlyRootFilesystem") is not True:
            found.append(f"{name} may write its root")
        if not (container.get("resources") or {}).get("limits", {}).get("memory"):
            found.append(f"{name} has no limit of memory")
    if spec.get("automountServiceAccountToken") is not False:
        found.append("the cluster's token is mounted without need")
    return found
