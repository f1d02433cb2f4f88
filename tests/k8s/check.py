#!/usr/bin/env python3
"""Checks the Kubernetes manifests: tests/k8s/check.py HELM 'KUSTOMIZE COMMAND' PROMTOOL. Ends with `N passed, N failed`."""

import copy
import itertools
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import yaml

import alerts
from api import Api
from flows import allowed
from restricted import violations

ROOT = pathlib.Path(__file__).resolve().parents[2] / "k8s"
VERSIONS = ("1.36", "1.31")
# kinds whose schemas come from operators and not from Kubernetes itself
FOREIGN = {"Certificate", "PodMonitor", "PrometheusRule", "TLSRoute"}
COLLECTOR = [{"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "observability"}}}],
              "ports": [{"port": 4318, "protocol": "TCP"}]}]
OUTSIDE = {"database": {"url": "postgresql://db.example:5432/postern", "existingSecret": "db", "cidrs": ["10.1.0.0/16"]}}
SETS = {
    "helm/trial": {"database": {"bundled": {"enabled": True}}},
    "helm/external": OUTSIDE,
    "helm/everything": OUTSIDE | {
        "image": {"registry": "registry.example/postern", "pullSecrets": [{"name": "pull"}]},
        "network": {"controllerHost": "ctrl.example.com", "controllerPort": 443, "routerHost": "router.example.com", "routerPort": 443},
        "pki": {"certManager": {"enabled": True, "issuerRef": {"name": "company"}}},
        "controller": {"replicas": 3, "autoscaling": {"enabled": True}},
        "router": {"tunneler": True, "egress": [{"to": [{"ipBlock": {"cidr": "10.2.0.0/16"}}]}]},
        "wsProxy": {"enabled": True, "url": "https://consoles.example.com", "autoscaling": {"enabled": True}},
        "gateway": {"enabled": True, "parentRef": {"name": "gw", "namespace": "infra"}},
        "ingress": {"enabled": True},
        "networkPolicy": {"clientNamespaces": ["apps"]},
        "monitoring": {"serviceMonitor": True, "rules": True, "dashboards": True},
    },
    "helm/load balancers": OUTSIDE | {
        "network": {"controllerHost": "ctrl.example.com", "routerHost": "router.example.com", "routerPort": 8442},
        "wsProxy": {"enabled": True, "url": "https://consoles.example.com:9443"},
        "loadBalancer": {"enabled": True, "annotations": {"example.com/scheme": "internet-facing"}},
    },
    "helm/traces": {
        "database": {"url": "postgresql://db.example:6432/postern?sslmode=require", "existingSecret": "db",
                     "cidrs": ["10.1.0.0/16"]},
        "controller": {"egress": COLLECTOR}, "router": {"egress": COLLECTOR}, "wsProxy": {"enabled": True, "egress": COLLECTOR},
    },
    "helm/a database behind a Service": {"database": OUTSIDE["database"] | {"url": "postgresql://db.example:5432/postern", "port": 6432}},
    "helm/consoles": OUTSIDE | {"wsProxy": {"enabled": True}},
    "helm/consoles at a port": OUTSIDE | {"wsProxy": {"enabled": True, "url": "https://consoles.example.com:9443/"}},
}
# the database's port where it is another than 5432
DATABASE_PORTS = {"helm/traces": 6432, "helm/a database behind a Service": 6432}
# values that are right, though few will want them
RIGHT_VALUES = {
    "a storage of a fraction": {"database": {"bundled": {"enabled": True, "storage": "1.5Gi"}}},
    "a storage by the thousand": {"database": {"bundled": {"enabled": True, "storage": "500M"}}},
    "claims of resources": OUTSIDE | {"router": {"resources": {"limits": {"memory": "1Gi"}, "claims": [{"name": "nic"}]}}},
    "networks of both families": {
        "database": OUTSIDE["database"] | {"cidrs": ["10.0.0.0/8", "0.0.0.0/0", "fd00::/8", "::ffff:10.0.0.0/128"]}},
    "a variable out of a Secret": OUTSIDE | {
        "router": {"extraEnv": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}]}},
    "as many replicas at most as at least": OUTSIDE | {"controller": {"replicas": 3, "autoscaling": {"enabled": True, "maxReplicas": 3}}},
    "fewer replicas at most, and no autoscaling": OUTSIDE | {"controller": {"replicas": 8}},
}
WRONG_VALUES = {
    "a network of 99 bits": ({"database": OUTSIDE["database"] | {"cidrs": ["10.0.0.0/99"]}}, "/database/cidrs"),
    "a network of 129 bits": ({"database": OUTSIDE["database"] | {"cidrs": ["fd00::/129"]}}, "/database/cidrs"),
    "a network of three numbers": ({"database": OUTSIDE["database"] | {"cidrs": ["10.0.0/8"]}}, "/database/cidrs"),
    "controllers at most that are fewer than at least": (
        OUTSIDE | {"controller": {"replicas": 8, "autoscaling": {"enabled": True, "maxReplicas": 3}}},
        "controller.autoscaling.maxReplicas"),
    "proxies at most that are fewer than at least": (
        OUTSIDE | {"wsProxy": {"enabled": True, "replicas": 8, "autoscaling": {"enabled": True}}}, "wsProxy.autoscaling.maxReplicas"),
    "consoles without an identity": (OUTSIDE | {"wsProxy": {"enabled": True, "identitySecret": ""}}, "wsProxy.identitySecret"),
    "consoles without a certificate": (OUTSIDE | {"wsProxy": {"enabled": True, "tlsSecret": ""}}, "wsProxy.tlsSecret"),
    "a variable that is a number": (OUTSIDE | {"router": {"extraEnv": [{"name": "A", "value": 1}]}}, "/router/extraEnv"),
    "a storage of words": ({"database": {"bundled": {"enabled": True, "storage": "much"}}}, "storage"),
    "a misspelt key": ({"controler": {"replicas": 2}}, "controler"),
    "no replicas": (OUTSIDE | {"controller": {"replicas": 0}}, "replicas"),
    "a database address with a password": (
        {"database": {"url": "postgresql://me:secret@db/postern", "existingSecret": "db"}}, "url"),
    "a database at a port that is none": (
        {"database": {"url": "postgresql://db:abc/postern", "existingSecret": "db"}}, "url"),
    "no database at all": ({}, "database"),
    "consoles at a port that is none": (OUTSIDE | {"wsProxy": {"enabled": True, "url": "https://consoles.example.com:abc"}}, "url"),
    "consoles at a port beyond the last": (OUTSIDE | {"wsProxy": {"enabled": True, "url": "https://consoles.example.com:65536"}}, "url"),
    "a way to every port of the cluster's API": (OUTSIDE | {"networkPolicy": {"apiServerPorts": []}}, "apiServerPorts"),
    "a way to every address for the cluster's API": (OUTSIDE | {"networkPolicy": {"apiServerCidrs": []}}, "apiServerCidrs"),
    "a way that is a word": (OUTSIDE | {"wsProxy": {"egress": ["anywhere"]}}, "egress"),
    "an external database without a Secret": ({"database": {"url": "postgresql://db/postern"}}, "existingSecret"),
}

passed, failed = 0, 0


def test(name, problem):
    global passed, failed
    if problem:
        failed += 1
        print(f"FAIL {name}\n     {problem}")
    else:
        passed += 1
        print(f"ok   {name}")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


def helm(values, release="postern", *further):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(values, file)
        file.flush()
        return run(HELM, "template", release, str(ROOT / "chart"), "-n", "postern", "--kube-version", "1.31.0",
                   "-f", file.name, *further)


def rendered():
    for name, values in SETS.items():
        yield name, helm(values)
    for folder in ("base", "overlays/trial", "overlays/production"):
        yield f"kustomize/{folder}", run(*KUSTOMIZE, str(ROOT / "kustomize" / folder))


def of_kind(objects, *kinds):
    return [o for o in objects if o["kind"] in kinds]


def templates(objects):
    return [(f"{o['kind']} {o['metadata']['name']}", o["spec"]["template"])
            for o in of_kind(objects, "Deployment", "StatefulSet", "DaemonSet", "Job")]


def accepted(text, version):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        outcome = run(sys.executable, "-m", "kubernetes_validate", "-k", version, "--strict", file.name)
    said = outcome.stdout + outcome.stderr
    unknown = {kind for kind in re.findall(r"schema for kind (\w+)", said)} - FOREIGN
    if unknown:
        return f"no schema for {unknown}"
    wrong = [line for line in said.splitlines() if line.startswith("ERROR")]
    return "\n".join(wrong) or (said if outcome.returncode and not FOREIGN & set(re.findall(r"\w+", said)) else None)


def dangling(objects):
    """Names that stand somewhere and lead nowhere; what the installer brings by himself is left out."""
    have = {(o["kind"], o["metadata"]["name"]) for o in objects}
    brought = {"postern-ws-proxy-identity", "postern-ws-proxy-tls", "postern-controller", "postern-ca",
               "postern-database", "db", "kube-root-ca.crt"}
    made = {o["spec"]["secretName"] for o in of_kind(objects, "Certificate")}
    found = []
    for name, template in templates(objects):
        spec = template["spec"]
        account = spec.get("serviceAccountName")
        if account and ("ServiceAccount", account) not in have:
            found.append(f"{name}: service account {account}")
        text = yaml.safe_dump(spec)
        for secret in re.findall(r"secretName: (\S+)", text) + re.findall(r"secretKeyRef:\n\s+key: \S+\n\s+name: (\S+)", text):
            if ("Secret", secret) not in have and secret not in brought | made:
                found.append(f"{name}: secret {secret}")
        for config in re.findall(r"configMap:\n(?:\s+\w+:.*\n|\s+- .*\n|\s+path:.*\n)*?\s+name: (\S+)", text):
            if ("ConfigMap", config) not in have and config not in brought:
                found.append(f"{name}: config map {config}")
        mounts = {m["name"] for c in spec.get("initContainers", []) + spec["containers"] for m in c.get("volumeMounts", [])}
        volumes = {v["name"] for v in spec.get("volumes", [])} | {"data"}
        if mounts - volumes:
            found.append(f"{name}: volumes {mounts - volumes}")
        ports = {p["name"] for c in spec["containers"] for p in c.get("ports", [])}
        for container in spec["containers"]:
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                if probe not in container:
                    found.append(f"{name}: {container['name']} has no {probe}")
                elif container[probe].get("httpGet", {}).get("port", "management") not in ports | {"management"}:
                    found.append(f"{name}: {probe} asks an unknown port")
    for service in of_kind(objects, "Service"):
        match = [t for _, t in templates(objects) if service["spec"]["selector"].items() <= t["metadata"]["labels"].items()]
        if len(match) != 1:
            found.append(f"Service {service['metadata']['name']} selects {len(match)} workloads")
            continue
        ports = {p["name"] for c in match[0]["spec"]["containers"] for p in c["ports"]}
        missing = {p["targetPort"] for p in service["spec"]["ports"]} - ports
        if missing:
            found.append(f"Service {service['metadata']['name']} targets {missing}")
    for guard in of_kind(objects, "PodDisruptionBudget"):
        selector = guard["spec"]["selector"]["matchLabels"]
        if not any(selector.items() <= t["metadata"]["labels"].items() for _, t in templates(objects)):
            found.append(f"PodDisruptionBudget {guard['metadata']['name']} selects nothing")
    return found


def left_behind(objects):
    """What an uninstallation would leave beside what README.md says, or would take from another installation."""
    said = (ROOT / "README.md").read_text()
    found = []
    for each in objects:
        kind, meta = each["kind"], each["metadata"]
        notes = meta.get("annotations") or {}
        if notes.get("helm.sh/resource-policy") == "keep" and kind != "Secret":
            found.append(f"{kind} {meta['name']} is kept")
        if "helm.sh/hook" in notes:
            found.append(f"{kind} {meta['name']} is a hook, which helm forgets")
        if kind.startswith("Cluster"):
            if not meta["name"].startswith("postern-postern-") or meta["name"] not in said:
                found.append(f"{kind} {meta['name']} is everybody's, and not named by release and namespace in README.md")
        elif meta.get("namespace", "postern") != "postern":
            found.append(f"{kind} {meta['name']} lives in {meta['namespace']}")
    return found


def environment(objects, component):
    """What a workload's first container is told by plain values."""
    template = next(t for _, t in templates(objects) if t["metadata"]["labels"]["app.kubernetes.io/component"] == component)
    return {e["name"]: e.get("value") for e in template["spec"]["containers"][0]["env"]}


def uncertified(objects):
    """Names by which routers and proxies call the controllers, and which are not in the controllers' certificate."""
    told = environment(objects, "controller")
    names = {told["POSTERN_ADVERTISE"].rpartition(":")[0], *told.get("POSTERN_HTTPS_NAMES", "").split(",")}
    texts = [json.dumps(t) for _, t in templates(objects) if t["metadata"]["labels"]["app.kubernetes.io/component"] != "controller"]
    texts += [text for config in of_kind(objects, "ConfigMap") for text in config["data"].values()]
    called = {host for text in texts for host in re.findall(r"([\w.-]+):1280\b", text)}
    return sorted(called - names) if called else ["routers call no controller"]


def unheard(objects):
    """Names with ports by which the proxies are called, and to which they do not listen: what they answer is 400."""
    told = environment(objects, "ws-proxy")
    names = told["POSTERN_WS_PROXY_NAMES"].split(",")
    service = next(o for o in of_kind(objects, "Service") if o["metadata"]["name"] == "postern-ws-proxy")
    called = {"$(POD_IP):8443", f"postern-ws-proxy.postern.svc:{service['spec']['ports'][0]['port']}"}
    if "POSTERN_WS_PROXY_PUBLIC_URL" in told:
        host, _, port = told["POSTERN_WS_PROXY_PUBLIC_URL"].removeprefix("https://").partition(":")
        called.add(f"{host}:{port or 443}")
    # a name without a port holds at the port that the server listens at
    return sorted(called - {name if ":" in name else f"{name}:8443" for name in names})


def unexposed(objects, values):
    """Names with ports that clients outside are told, and to which no way in leads; ways are made for them only."""
    told = {"controller": environment(objects, "controller")["POSTERN_ADVERTISE"]}
    config = next(o for o in of_kind(objects, "ConfigMap") if o["metadata"]["name"] == "postern-router")["data"]["router.yml"]
    told["router"] = re.search(r'advertise: "([^"]*)" }', config)[1]
    if "wsProxy" in values:
        told["ws-proxy"] = values["wsProxy"].get("url", "").removeprefix("https://").removesuffix("/")
    told = {part: name if ":" in name else f"{name}:443" for part, name in told.items() if ".example.com" in name}
    services = {o["metadata"]["name"]: o["spec"] for o in of_kind(objects, "Service")}

    def leads(service, port):
        """The part that a Service's port leads to."""
        spec = services.get(service)
        ports = [p["targetPort"] for p in spec["ports"] if p["port"] == port] if spec else []
        part = spec["selector"]["app.kubernetes.io/component"] if ports else None
        return part if ports == ["edge" if part == "router" else "https"] else None

    ways = set()  # kind, part, host and port as they are called from outside
    for each in of_kind(objects, "Ingress"):
        backend = each["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
        ways.add(("ingress", leads(backend["name"], backend["port"]["number"]), each["spec"]["rules"][0]["host"] + ":443"))
    for each in of_kind(objects, "TLSRoute"):
        backend = each["spec"]["rules"][0]["backendRefs"][0]
        ways.add(("gateway", leads(backend["name"], backend["port"]), each["spec"]["hostnames"][0] + ":443"))
    for name, spec in services.items():
        if spec.get("type") == "LoadBalancer":
            part, port = spec["selector"]["app.kubernetes.io/component"], spec["ports"][0]["port"]
            ways.add(("loadBalancer", leads(name, port), f"{told.get(part, '').partition(':')[0]}:{port}"))
    wanted = {(kind, part, name) for kind in ("ingress", "gateway", "loadBalancer") if values.get(kind, {}).get("enabled")
              for part, name in told.items()}
    return [" ".join(map(str, each)) for each in sorted(wanted ^ ways, key=str)]


def pods(objects):
    ends = {t["metadata"]["labels"]["app.kubernetes.io/component"]: {"namespace": "postern", "labels": t["metadata"]["labels"]}
            for _, t in templates(objects)}
    ends |= {
        "monitoring": {"namespace": "monitoring", "labels": {"app": "prometheus"}},
        "collector": {"namespace": "observability", "labels": {"app": "collector"}},
        "dns": {"namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}},
        "client": {"namespace": "apps", "labels": {"app": "client"}},
        "stranger": {"namespace": "other", "labels": {"app": "stranger"}},
        "database": {"ip": "10.1.2.3"},
        "api-server": {"ip": "172.20.0.1"},
        "internet": {"ip": "203.0.113.5"},
    }
    return ends


def public_ports(values):
    """At which controllers and routers are called from outside, if they are."""
    names = values.get("network", {})
    return [names.get(f"{part}Port", port) for part, port in (("controller", 1280), ("router", 3022)) if f"{part}Host" in names]


def needed(ends, name):
    """Every flow that the system needs: (from, to, port)."""
    values = SETS.get(name, {})
    closed = (values.get("networkPolicy") or {}).get("clientNamespaces")
    ours = {"controller", "router", "ws-proxy", "postgres"} & set(ends)
    flows = {("router", "controller", 1280), ("router", "router", 10080), ("client", "controller", 1280),
             ("client", "router", 3022), ("controller", "api-server", 443), ("controller", "api-server", 6443)}
    if "ws-proxy" in ends:
        flows |= {("ws-proxy", "controller", 1280), ("ws-proxy", "router", 3022), ("client", "ws-proxy", 8443)}
    flows |= {("monitoring", part, 9000) for part in ours - {"postgres", "ws-proxy"}}
    if "ws-proxy" in ends:
        flows.add(("monitoring", "ws-proxy", 8443))
    flows |= {(part, "dns", 53) for part in ours - {"postgres"}}
    flows.add(("controller", "postgres" if "postgres" in ends else "database", DATABASE_PORTS.get(name, 5432)))
    for part, key in (("controller", "controller"), ("router", "router"), ("ws-proxy", "wsProxy")):
        if (values.get(key) or {}).get("egress") == COLLECTOR:
            flows.add((part, "collector", 4318))
    flows |= {("ws-proxy", "internet", port) for port in public_ports(values)}
    if not closed:
        flows |= {(who, to, port) for who in ("stranger", "monitoring", "dns", "collector", "database", "api-server", "internet")
                  for to, port in (("controller", 1280), ("router", 3022), ("router", 10080), ("ws-proxy", 8443))
                  if to in ends}
        flows.add(("client", "router", 10080))
    return flows


def network(objects, name, exceptions=()):
    policies = of_kind(objects, "NetworkPolicy")
    ends = pods(objects)
    ours = [name for name in ends if name in ("controller", "router", "ws-proxy", "postgres")]
    wanted = needed(ends, name)
    found = [f"{a} cannot reach {b}:{port}" for a, b, port in sorted(wanted)
             if not allowed(policies, ends[a], ends[b], port, "UDP" if port == 53 else "TCP")]
    for a, b, port in itertools.product(ends, ends, (22, 53, 443, 8442, 1280, 3022, 4318, 5432, 6432, 6443, 8443, 9000, 10080)):
        if a not in ours and b not in ours or (a, b, port) in wanted or (a, b, port) in exceptions:
            continue
        if allowed(policies, ends[a], ends[b], port):
            found.append(f"{a} reaches {b}:{port} without need")
    return found


def unsaid():
    """Log keys, with what follows them, that an alert or the table of failures quotes and that no program says."""
    rules = yaml.safe_load((ROOT / "chart/files/alerts.yaml").read_text())["groups"]
    quoted = [line for group in rules for rule in group["rules"] for line in rule["annotations"].values()]
    table = (ROOT.parent / "docs/operations.md").read_text().partition("## When something is wrong")[2].partition("\n## ")[0]
    quoted += [line for line in re.findall(r"`([^`]+)`", table) if not re.match(r"postern\.|quarkus\.|pki\.key", line)]
    keys = {found for line in quoted for found in re.findall(r"(?<![\w.$/-])([a-z]+(?:\.[a-z]+)+)\b(?: …)?(?: ([a-z]+)=)?", line)}
    said = "".join(file.read_text() for file in ROOT.parent.glob("**/src/main/java/**/*.java"))
    lost = [" ".join(key) for key in keys if not re.search(rf'"{re.escape(key[0])}[ =][^"]*' + (rf"\b{key[1]}=" if key[1] else ""), said)]
    return sorted(lost) if len(keys) > 5 else [f"of log keys these are quoted: {keys}"]


def reproducible():
    """With Secrets that are named, a rendering that asks no cluster is the same each time, as README.md says."""
    values = {"controller": {"existingSecret": "mine"}, "pki": {"existingSecret": "mine"},
              "database": {"existingSecret": "mine", "bundled": {"enabled": True}}}
    outcome = helm(values)
    made = of_kind([o for o in yaml.safe_load_all(outcome.stdout) if o], "Secret")
    if outcome.returncode or made or outcome.stdout != helm(values).stdout:
        yield f"{outcome.stderr}{made} are made anew"
    said = (ROOT / "README.md").read_text()
    for part in values:
        named = copy.deepcopy(values)
        named[part].pop("existingSecret")
        if helm(named).stdout == helm(named).stdout:
            yield f"without {part}.existingSecret nothing is made anew, and README.md says otherwise"
        if f"`{part}.existingSecret`" not in said:
            yield f"README.md does not name {part}.existingSecret"


def asked():
    """What the chart makes of what the cluster has."""
    values = {"database": {"bundled": {"enabled": True}}, "controller": {"autoscaling": {"enabled": True}},
              "wsProxy": {"enabled": True, "autoscaling": {"enabled": True}}}

    def upgraded(have):
        with Api(have) as config:
            outcome = helm(values, "postern", "--dry-run=server", "--kubeconfig", config)
        assert outcome.returncode == 0, outcome.stderr
        return [o for o in yaml.safe_load_all(outcome.stdout) if o]

    before = upgraded([])
    secrets = of_kind(before, "Secret")
    kept = of_kind(upgraded(secrets), "Secret") == secrets
    yield "keeps the Secrets that it made", None if len(secrets) == 3 and kept else "they are others"
    running = [o | {"spec": o["spec"] | {"replicas": 5}} for o in of_kind(before, "Deployment")]
    for what, have, wanted in (("leaves how many pods there are to the autoscaler", running, 5), ("names no number at first", [], None)):
        numbers = {o["metadata"]["name"]: o["spec"].get("replicas") for o in of_kind(upgraded(have), "Deployment")}
        yield what, None if numbers == {"postern-controller": wanted, "postern-ws-proxy": wanted} else str(numbers)


def undrawn():
    """What proxies measure, and why routers refuse, as far as no panel shows it."""
    def named(program, pattern):
        texts = [file.read_text() for file in (ROOT.parent / program).glob("src/main/java/**/*.java")]
        return {name.replace(".", "_") for text in texts for name in re.findall(pattern + r'\(\s*"(postern\.[a-z.]+)"', text)}

    wanted = named("ws-proxy", r"(?:\bgauge|Gauge\.builder)") | {f"{name}_total" for name in named("edge-router", r"\bcounters")}
    drawn = (ROOT / "chart/files/dashboard.json").read_text()
    return sorted(name for name in wanted if f"{name}{{" not in drawn) if len(wanted) > 5 else [f"these are measured: {wanted}"]


def main():
    test("the dashboard shows what proxies measure and why routers refuse", "; ".join(undrawn()))
    test("every log key that alerts and docs/operations.md quote is one that a program says", "; ".join(unsaid()))
    for name, outcome in rendered():
        test(f"{name}: renders", None if outcome.returncode == 0 else outcome.stderr[-2000:])
        if outcome.returncode:
            continue
        objects = [o for o in yaml.safe_load_all(outcome.stdout) if o]
        for version in VERSIONS:
            test(f"{name}: Kubernetes {version} accepts every object", accepted(outcome.stdout, version))
        for what, template in templates(objects):
            test(f"{name}: {what} keeps to the restricted profile", "; ".join(violations(template["spec"])))
        test(f"{name}: taken down, it leaves what README.md says", "; ".join(left_behind(objects)))
        test(f"{name}: routers find the name by which they call controllers in the certificate", "; ".join(uncertified(objects)))
        if "ws-proxy" in pods(objects):
            test(f"{name}: proxies go by every name by which they are called", "; ".join(unheard(objects)))
        test(f"{name}: ways in lead from what clients are told to who answers", "; ".join(unexposed(objects, SETS.get(name, {}))))
        test(f"{name}: every name leads somewhere", "; ".join(dangling(objects)))
        # an outer database and the API server have addresses, not labels: their rules are as wide as their networks
        wide = {("controller", "internet", port) for port in (443, 6443)} | {("controller", "database", port) for port in (443, 6443)}
        if "cidrs" not in SETS.get(name, {}).get("database", {}) and "trial" not in name:
            wide |= {("controller", b, 5432) for b in ("internet", "api-server", "monitoring", "dns", "collector", "client", "stranger",
                                                       "controller", "router", "ws-proxy")}
        # nor is it known where public names lead to
        wide |= {("ws-proxy", b, port) for b in pods(objects) for port in public_ports(SETS.get(name, {}))}
        test(f"{name}: network policies allow what is needed and nothing else", "; ".join(network(objects, name, wide)))
    test("renderings that ask no cluster make nothing anew when Secrets are named", "; ".join(reproducible()))
    for what, problem in asked():
        test(f"an upgrade {what}", problem)
    spoilt()
    for what, (values, word) in WRONG_VALUES.items():
        outcome = helm(values)
        test(f"helm refuses {what} and names it",
             None if outcome.returncode and word in outcome.stderr else f"exit {outcome.returncode}: {outcome.stderr[-300:]}")
    for what, values in RIGHT_VALUES.items():
        outcome = helm(values)
        test(f"helm takes {what}, and so does Kubernetes",
             accepted(outcome.stdout, VERSIONS[-1]) if outcome.returncode == 0 else outcome.stderr[-300:])
    for release in ("1postern", "my.release"):
        outcome = helm(OUTSIDE, release)
        test(f"helm refuses {release}, after which no Service can be named, and says so",
             None if outcome.returncode and f"release name {release}" in outcome.stderr else outcome.stderr[-300:] or "rendered")
    if PROMTOOL == "-":
        print("skip promtool takes the alerts: there is no promtool")
    else:
        outcome = run(PROMTOOL, "check", "rules", "--lint-fatal", str(ROOT / "chart/files/alerts.yaml"))
        test("promtool takes the alerts", None if outcome.returncode == 0 else outcome.stdout + outcome.stderr)
        for what, problem in alerts.tried(PROMTOOL, yaml.safe_load((ROOT / "chart/files/alerts.yaml").read_text()), False):
            test(f"alerts: {what}", problem)
        for what, problem in alerts.drawn(PROMTOOL, json.loads((ROOT / "chart/files/dashboard.json").read_text())):
            test(f"dashboard: {what}", problem)
        objects = yaml.safe_load_all(helm(SETS["helm/everything"]).stdout)
        for what, problem in alerts.tried(PROMTOOL, of_kind(objects, "PrometheusRule")[0]["spec"], True):
            test(f"the chart's alerts: {what}", problem)
    outcome = run(str(ROOT / "render"), "--check")
    test("kustomize is what the chart renders", None if outcome.returncode == 0 else outcome.stdout[-2000:] + outcome.stderr[-500:])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def spoilt():
    """The checks themselves: each rule finds the fault that it is there for."""
    objects = [o for o in yaml.safe_load_all(helm(SETS["helm/external"]).stdout) if o]
    template = templates(objects)[0][1]
    faults = {
        "root": lambda s: (s["securityContext"].update(runAsNonRoot=False),
                           s["containers"][0]["securityContext"].update(runAsNonRoot=False)),
        "escalation": lambda s: s["containers"][0]["securityContext"].pop("allowPrivilegeEscalation"),
        "capabilities": lambda s: s["containers"][0]["securityContext"].update(capabilities={"drop": ["NET_RAW"]}),
        "a writable root": lambda s: s["containers"][0]["securityContext"].pop("readOnlyRootFilesystem"),
        "a host path": lambda s: s["volumes"].append({"name": "x", "hostPath": {"path": "/"}}),
        "the host's network": lambda s: s.update(hostNetwork=True),
        "no seccomp": lambda s: (s["securityContext"].pop("seccompProfile"),
                                 s["containers"][0]["securityContext"].pop("seccompProfile")),
    }
    for what, spoil in faults.items():
        spec = copy.deepcopy(template["spec"])
        spoil(spec)
        test(f"the profile's check finds {what}", None if violations(spec) else "not found")
    open_door = copy.deepcopy(objects)
    open_door.append({"kind": "NetworkPolicy", "metadata": {"name": "x", "namespace": "postern"},
                      "spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}]}})
    test("the network's check finds an open door",
         None if any("9000 without need" in line for line in network(open_door, "helm/external")) else "not found")
    shut = [o for o in objects if o["metadata"]["name"] != "postern-router" or o["kind"] != "NetworkPolicy"]
    test("the network's check finds a shut door",
         None if any("cannot reach" in line for line in network(shut, "helm/external")) else "not found")


HELM, KUSTOMIZE, PROMTOOL = sys.argv[1], shlex.split(sys.argv[2]), sys.argv[3]
sys.exit(main())
