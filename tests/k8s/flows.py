"""Who may talk to whom, as NetworkPolicies say: an ingress and an egress decision for a pair of pods and a port."""

import ipaddress


def _labels_match(selector, labels):
    wanted = (selector or {}).get("matchLabels") or {}
    if (selector or {}).get("matchExpressions"):
        raise ValueError("matchExpressions are not understood here")
    return all(labels.get(key) == value for key, value in wanted.items())


def _peer_matches(peer, end, namespace):
    if "ipBlock" in peer:
        if "ip" not in end:
            return False
        address = ipaddress.ip_address(end["ip"])
        block = peer["ipBlock"]
        return address in ipaddress.ip_network(block["cidr"]) and not any(
            address in ipaddress.ip_network(other) for other in block.get("except", []))
    if "labels" not in end:
        return False
    if "namespaceSelector" in peer:
        if not _labels_match(peer["namespaceSelector"], {"kubernetes.io/metadata.name": end["namespace"]}):
            return False
    elif end["namespace"] != namespace:
        return False
    return _labels_match(peer.get("podSelector"), end["labels"])


def _port_matches(ports, port, protocol):
    return not ports or any(
        rule.get("protocol", "TCP") == protocol and ("port" not in rule or rule["port"] == port) for rule in ports)


def _allowed(policies, direction, pod, other, port, protocol):
    if "labels" not in pod:
        return True  # not a pod of ours: nothing is said about it
    kind, peers = ("Ingress", "from") if direction == "ingress" else ("Egress", "to")
    mine = [p for p in policies
            if p["metadata"].get("namespace", pod["namespace"]) == pod["namespace"]
            and kind in p["spec"].get("policyTypes", ["Ingress"])
            and _labels_match(p["spec"].get("podSelector"), pod["labels"])]
    if not mine:
        return True
    for policy in mine:
        for rule in policy["spec"].get(direction) or []:
            if not _port_matches(rule.get("ports"), port, protocol):
                continue
            if peers not in rule or any(_peer_matches(peer, other, pod["namespace"]) for peer in rule[peers]):
                return True
    return False


def allowed(policies, source, target, port, protocol="TCP"):
    """May `source` open a connection to `target`? Ends are {namespace, labels} or {ip}."""
    return (_allowed(policies, "egress", source, target, port, protocol)
            and _allowed(policies, "ingress", target, source, port, protocol))
