#!/usr/bin/env python3
"""Runs what the manifests ask for, all of it together: every pod's entry point with its environment, arguments, mounts, user and
read-only root. Asks its probes, its metrics, and ends it. tests/k8s/entry.py HELM PROMTOOL POSTGRES-JAR IMAGES WORK"""

import http.server
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import yaml

from cluster import API, WAIT, Cluster, Pod, image, run, until

HELM, PROMTOOL, POSTGRES, IMAGES, WORK = sys.argv[1:6]
ROOT = pathlib.Path(__file__).resolve().parents[2]
COLLECTOR = "http://10.77.0.1:4318"
STAGES = {"dial", "dial.request", "circuit.ask", "circuit.create", "circuit.policy", "circuit.path", "circuit.route",
          "circuit.confirm", "router.route", "terminator.dial"}
NAMES = re.compile(r"\bpostern_[a-z_]+\b")
passed, failed = 0, 0


def test(name, problem):
    global passed, failed
    if problem:
        failed += 1
        print(f"FAIL {name}\n     {problem}", flush=True)
    else:
        passed += 1
        print(f"ok   {name}", flush=True)


def rendered():
    collector = [{"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": COLLECTOR}]
    values = {"database": {"bundled": {"enabled": True}}, "controller": {"extraEnv": collector},
              "router": {"tunneler": True, "extraEnv": collector}, "wsProxy": {"enabled": True}}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(values, file)
        file.flush()
        text = run(HELM, "template", "postern", str(ROOT / "k8s/chart"), "-n", "postern", "--kube-version", "1.31.0",
                   "-f", file.name, text=True)
    return [o for o in yaml.safe_load_all(text) if o]


def workload(objects, kind, name):
    return next(o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name)["spec"]["template"]


def secret(name, **files):
    return {"kind": "Secret", "metadata": {"name": name}, "stringData": files}


class Check:
    def __init__(self, cluster):
        self.cluster = cluster
        self.objects = rendered()
        self.pods, self.scrapes, self.started = [], {}, {}
        self.image = image(ROOT / "images/Dockerfile.jvm")

    def pod(self, kind, component, name):
        pod = Pod(self.cluster, self.objects, workload(self.objects, kind, f"postern-{component}"), name, pathlib.Path(IMAGES), self.image)
        self.pods.append(pod)
        return pod

    def begin(self, pod):
        pod.initialise()
        for container in pod.spec["containers"]:
            self.started[pod.pod_name] = time.monotonic()
            pod.start(container)

    def probes(self, pod):
        for container in pod.spec["containers"]:
            for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
                pod.wait_for(container, kind)
            test(f"{pod.pod_name}: startup, liveness and readiness answer at the manifest's ports and paths", None)
            self.confined(pod, container)

    def confined(self, pod, container):
        status = pathlib.Path(f"/proc/{pod.inner(container['name'])}/status").read_text()
        seen = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        wrong = [f"{key} {seen[key]}" for key, good in (
            ("Uid", f"{pod.user}\t" * 4), ("CapEff", "0000000000000000"), ("CapBnd", "0000000000000000"), ("NoNewPrivs", "1"))
            if seen[key].strip() != good.strip()]
        test(f"{pod.pod_name}: runs as a user without a capability or a way to one", "; ".join(wrong))
        limit = int(container["resources"]["limits"]["memory"].removesuffix("Mi"))
        used = int(seen["VmHWM"].split()[0]) // 1024
        test(f"{pod.pod_name}: its memory keeps to the limit ({used} of {limit} MiB)", None if used < limit else f"{used} MiB")

    def metrics(self, pod, container, path, port, scheme="http"):
        code, text = pod.ask(container, path, port, scheme)
        self.scrapes[pod.pod_name] = text
        kept = ROOT / "target/k8s"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / f"{pod.pod_name}.metrics").write_text(text)
        outcome = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True, text=True)
        said = (outcome.stdout + outcome.stderr).strip()
        test(f"{pod.pod_name}: promtool finds nothing in its metrics", None if code == 200 and not said and text else f"{code}: {said}")
        test(f"{pod.pod_name}: every metric has a help text of its own", ", ".join(re.findall(r"# HELP (\S+) Not described", text)))

    def named(self):
        """Every metric that an alert or a dashboard names is one that a process has."""
        have = {name for text in self.scrapes.values() for name in NAMES.findall(text)}
        for file in ("alerts.yaml", "dashboard.json"):
            asked = set(NAMES.findall((ROOT / "k8s/chart/files" / file).read_text()))
            test(f"{file}: every metric that it names is there", ", ".join(sorted(asked - have)))

    def ended(self, pod):
        for container in pod.spec["containers"]:
            stop = {"controller": self.drains, "postern-router-1": self.leaves}
            code, seconds = stop.get(container["name"], stop.get(pod.pod_name, lambda each: each.stop(container)))(pod)
            grace = pod.spec["terminationGracePeriodSeconds"]
            test(f"{pod.pod_name}: ends when told to, in its time ({seconds:.1f} of {grace} s)",
                 None if code in (0, 143) and seconds < grace else f"exit {code} after {seconds:.1f} s: {pod.log(container['name'])[-1500:]}")
            bad = [line for line in pod.log(container["name"]).splitlines()
                   if re.search(r"Read-only file system|Permission denied|AccessDenied|\bERROR\b", line)]
            test(f"{pod.pod_name}: nothing that it may not do was tried", "\n".join(bad[:5]))

    def postern(self, *arguments):
        script = f"root={ROOT}; . $root/scripts/jdk.sh; . $root/scripts/command.sh; run_command \"$@\""
        return run("bash", "-c", script, "postern", *arguments, env=dict(os.environ, HOME=WORK, POSTERN_PROFILE=f"{WORK}/profile.json"), text=True)

    def client(self, *arguments):
        java = os.environ["JAVA_HOME"] + "/bin/java"
        libraries = ":".join(f"{ROOT}/ws-proxy/target/quarkus-app/lib/{part}/*" for part in ("main", "boot"))
        return subprocess.Popen(
            [java, "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp", libraries, str(ROOT / "tests/k8s/Dial.java"),
             f"{WORK}/laptop.json", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=dict(os.environ, OTEL_EXPORTER_OTLP_ENDPOINT=COLLECTOR))

    def dial(self, service):
        """What our client gets from a service: exit code, output, complaint."""
        client = self.client(service)
        output, complaint = client.communicate(timeout=WAIT)
        return client.returncode, output, complaint

    def services(self):
        """Two services at the routers' tunnelers: one whose target answers, one whose target is not there."""
        answer = http.server.ThreadingHTTPServer((API, 0), http.server.SimpleHTTPRequestHandler, bind_and_activate=True)
        threading.Thread(target=answer.serve_forever, daemon=True).start()
        for name, port in (("web", answer.server_address[1]), ("gone", 9)):
            self.postern("create", "config", f"{name}-host", "--type", "host.v1", "--data",
                         json.dumps({"protocol": "tcp", "address": API, "port": port}))
            self.postern("create", "service", name, "--role", "web", "--config", f"{name}-host")
        self.postern("create", "identity", "laptop", "--role", "clients", "--jwt-out", f"{WORK}/laptop.jwt")
        self.postern("create", "service-policy", "dial", "--type", "Dial", "--service-roles", "#web", "--identity-roles", "#clients")
        self.postern("create", "service-policy", "bind", "--type", "Bind", "--service-roles", "#web", "--identity-roles", "@postern-router-1")
        self.postern("create", "edge-router-policy", "all", "--identity-roles", "#all", "--edge-router-roles", "#all")
        self.postern("create", "service-edge-router-policy", "all", "--service-roles", "#all", "--edge-router-roles", "#all")
        self.postern("enroll", f"{WORK}/laptop.jwt", "-o", f"{WORK}/laptop.json")

    def traced(self):
        until("two terminators", lambda: self.postern("list", "terminators").count("tunnel") >= 2 or self.postern("list", "terminators"))
        code, text, complaint = self.dial("web")
        assert code == 0 and "200" in text, f"a client fetches nothing through the pods: {code} {text} {complaint}"
        test("a client fetches from a service through the pods", None)
        circuit = text.split()[0]
        until(f"every stage of circuit {circuit}", lambda: STAGES <= self.cluster.spans.stages(circuit) or sorted(STAGES - self.cluster.spans.stages(circuit)))
        test("a trace of one dial shows every stage", self.cluster.spans.broken(circuit))

    def failed_dial(self, controllers):
        code, text, complaint = self.dial("gone")
        causes = re.findall(r"\[([A-Z_]+)\]", complaint)
        cause = causes[-1] if causes else "none"
        logs = "".join(pod.log("controller") for pod in controllers)
        counted = [line for pod in controllers for line in pod.ask(pod.spec["containers"][0], "/q/metrics", "management")[1].splitlines()
                   if line.startswith(f'postern_circuit_failed_total{{cause="{cause}"') and not line.endswith(" 0.0")]
        test(f"a failed dial has one cause for the client, the log and the metric: {cause}",
             None if code == 1 and counted and f"cause={cause} " in logs else f"{code} {complaint} {counted}")

    def leaves(self, pod):
        """Told to end, the router that hosts says so, and carries on what it carries until that ends."""
        container, name = pod.spec["containers"][0], "router"
        client = self.client("web", "hold")
        try:
            circuit = client.stdout.readline().strip()
            began = time.monotonic()
            os.kill(pod.inner(name), signal.SIGTERM)
            until("a router that is not ready", lambda: pod.probe(container, "readinessProbe") is not True)
            output, complaint = client.communicate(timeout=WAIT)
        finally:
            client.kill()
        test(f"{pod.pod_name}: told to end, it is not ready, and a circuit over it goes on",
             None if circuit and output.startswith(f"{circuit} ") and "200" in output else f"{circuit} {output} {complaint}")
        pod.running[name].wait(WAIT)
        test(f"{pod.pod_name}: it ends when its circuits have",
             None if "drain.done circuits=0" in pod.log(name) else pod.log(name)[-800:])
        return pod.running[name].returncode, time.monotonic() - began

    def drains(self, pod):
        """Told to end, a controller says so, serves on, and answers what was asked before."""
        container, name = pod.spec["containers"][0], "controller"
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        body = json.dumps({"username": "nobody", "password": "x" * 40}).encode()
        with context.wrap_socket(socket.create_connection((pod.address, 1280), WAIT)) as slow:
            slow.sendall(b"POST /edge/management/v1/authenticate?method=password HTTP/1.1\r\nHost: postern-controller.postern.svc\r\n"
                         b"Content-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:10])
            began = time.monotonic()
            os.kill(pod.inner(name), signal.SIGTERM)
            until("a controller that is not ready", lambda: pod.probe(container, "readinessProbe") is not True)
            code, said = pod.ask(container, "/edge/client/v1/version", 1280, "https")
            test(f"{pod.pod_name}: told to end, it is not ready, and serves on", None if code == 200 else f"{code} {said}")
            slow.sendall(body[10:])
            answer = slow.recv(65536).decode(errors="replace").splitlines()[:1]
            test(f"{pod.pod_name}: what was asked before is answered", None if answer and " 401 " in answer[0] + " " else str(answer))
        pod.running[name].wait(WAIT)
        test(f"{pod.pod_name}: dials end before it does", None if "drain.done dials=ended" in pod.log(name) else pod.log(name)[-800:])
        return pod.running[name].returncode, time.monotonic() - began

    def proxy_identity(self, password):
        """What the installer brings: an identity of the proxy, and its server certificate."""
        pathlib.Path(WORK, "password").write_text(password)
        pathlib.Path(WORK, "password").chmod(0o600)
        self.postern("login", "https://postern-controller.postern.svc:1280", "-u", "admin", "--password-file", f"{WORK}/password", *self.trust)
        self.postern("create", "identity", "ws-proxy", "--role", "proxies", "--jwt-out", f"{WORK}/proxy.jwt")
        self.postern("enroll", f"{WORK}/proxy.jwt", "-o", f"{WORK}/proxy.json")
        cert, key = self.cluster.certificate("consoles", "DNS:consoles.example")
        self.objects += [secret("postern-ws-proxy-identity", **{"identity.json": pathlib.Path(WORK, "proxy.json").read_text()}),
                         secret("postern-ws-proxy-tls", **{"tls.crt": cert.read_text(), "tls.key": key.read_text()})]

    def whole(self):
        helper = Pod.__new__(Pod)
        helper.objects = self.objects
        access = helper.data("Secret", "postern-postgres")
        self.cluster.serve_api()
        self.cluster.collect()
        self.cluster.database(POSTGRES, access["username"].decode(), access["password"].decode(), "postern", "postern-postgres")
        controllers = [self.pod("Deployment", "controller", f"postern-controller-7d-{n}") for n in "ab"]
        for pod in controllers:
            self.cluster.name("postern-controller.postern.svc", pod.address)
            self.begin(pod)
        for pod in controllers:
            self.probes(pod)
        routers = [self.pod("StatefulSet", "router", f"postern-router-{n}") for n in (0, 1)]
        for pod in routers:
            self.cluster.name(f"{pod.pod_name}.postern-router.postern.svc", pod.address)
        for pod in routers:
            self.begin(pod)
        for pod in routers:
            self.probes(pod)
        authority = pathlib.Path(WORK, "ca.crt")
        authority.write_bytes(helper.data("Secret", "postern-ca")["tls.crt"])
        self.trust = ("--ca", str(authority))
        self.proxy_identity(helper.data("Secret", "postern-controller")["password"].decode())
        proxy = self.pod("Deployment", "ws-proxy", "postern-ws-proxy-5c-a")
        self.begin(proxy)
        self.probes(proxy)
        router = routers[0].spec["containers"][0]
        until("a link", lambda: "postern_links 1.0" in routers[0].ask(router, "/metrics", "management")[1])
        test("the routers link under the names that they advertise", None)
        self.services()
        self.traced()
        self.failed_dial(controllers)
        for pod in controllers:
            self.metrics(pod, pod.spec["containers"][0], "/q/metrics", "management")
        for pod in routers:
            self.metrics(pod, router, "/metrics", "management")
        self.metrics(proxy, proxy.spec["containers"][0], "/q/metrics", "https", "https")
        self.named()
        for pod in [proxy, *routers, *controllers]:
            self.ended(pod)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
    cluster = Cluster(WORK)
    check = Check(cluster)
    try:
        check.whole()
    except (AssertionError, subprocess.CalledProcessError) as failure:
        said = getattr(failure, "stderr", None)
        test("the whole", f"{failure} {said.decode() if isinstance(said, bytes) else said or ''}")
    finally:
        if failed:
            for pod in check.pods:
                for container in pod.running:
                    print(f"--- {pod.pod_name}/{container}\n{pod.log(container)[-2500:]}", flush=True)
        for pod in check.pods:
            pod.kill()
        cluster.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
