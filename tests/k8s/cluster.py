"""A cluster of one machine, as far as pods can tell: a network namespace for each, names that resolve, a database, and the
API server's keys for the tokens of pods. Everything goes when the process does."""

import base64
import http.server
import io
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import tarfile
import threading
import time
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
WAIT = 240
API = "10.77.0.1"


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, **options).stdout


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def until(what, condition, seconds=WAIT):
    """Waits for a condition; what it last said is in the failure."""
    end = time.monotonic() + seconds
    said = None
    while time.monotonic() < end:
        try:
            said = condition()
            if said is True:
                return
        except (OSError, subprocess.CalledProcessError) as failure:
            said = failure
        time.sleep(0.2)
    raise AssertionError(f"{what}: not in {seconds} s: {said}")


class Spans:
    """What a collector of OTLP heard."""

    def __init__(self):
        self.all = []

    def take(self, request):
        for resource in request["resourceSpans"]:
            who = next(a["value"]["stringValue"] for a in resource["resource"]["attributes"] if a["key"] == "service.name")
            for scope in resource["scopeSpans"]:
                self.all += [dict(span, service=who) for span in scope["spans"]]

    def trace(self, circuit):
        heard = list(self.all)
        ids = {span["traceId"] for span in heard for a in span["attributes"]
               if a["key"] == "circuitId" and a["value"]["stringValue"] == circuit}
        return [span for span in heard if span["traceId"] in ids]

    def stages(self, circuit):
        return {span["name"] for span in self.trace(circuit)}

    def broken(self, circuit):
        """Why the spans of a circuit are not one tree of three programs, or nothing."""
        spans = self.trace(circuit)
        ids = [span["spanId"] for span in spans]
        roots = [span["name"] for span in spans if "parentSpanId" not in span]
        wrong = [f"{span['name']} hangs on nothing" for span in spans if span.get("parentSpanId") not in [*ids, None]]
        if roots != ["dial"] or len({span["traceId"] for span in spans}) != 1 or len(set(ids)) != len(ids):
            wrong.append(f"roots {roots}, {len(ids)} spans, {len(set(ids))} ids")
        programs = {span["service"] for span in spans}
        if programs != {"postern-client", "postern-edge-router", "postern-controller"}:
            wrong.append(f"told by {sorted(programs)}")
        return "; ".join(wrong)


class Cluster:
    def __init__(self, work):
        self.work = pathlib.Path(work)
        self.holders, self.names, self.count = [], {}, 1
        self.hosts = self.work / "hosts"
        self.hosts.write_text("127.0.0.1 localhost\n")
        self.hosts.chmod(0o644)
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "pods", "type", "bridge")
        run("ip", "addr", "add", f"{API}/24", "dev", "pods")
        run("ip", "link", "set", "pods", "up")
        run("mount", "--make-rprivate", "/")
        run("mount", "--bind", str(self.hosts), "/etc/hosts")

    def name(self, name, address):
        with self.hosts.open("a") as file:  # in place: it is mounted everywhere
            file.write(f"{address} {name}\n")

    def sandbox(self):
        """A network namespace with an address; held by a process."""
        self.count += 1
        address = f"10.77.0.{self.count}"
        holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        self.holders.append(holder)
        ours = os.readlink("/proc/self/ns/net")
        until("a network namespace", lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != ours)
        there = ("nsenter", "-t", str(holder.pid), "-n")
        run("ip", "link", "add", f"pod{self.count}", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        run("ip", "link", "set", f"pod{self.count}", "master", "pods", "up")
        run(*there, "ip", "addr", "add", f"{address}/24", "dev", "eth0")
        run(*there, "ip", "link", "set", "eth0", "up")
        run(*there, "ip", "link", "set", "lo", "up")
        return holder.pid, address

    def certificate(self, name, *sans):
        """A self-signed one: paths of certificate and key."""
        cert, key = self.work / f"{name}.crt", self.work / f"{name}.key"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-addext", "subjectAltName=" + ",".join(sans), "-keyout", str(key), "-out", str(cert))
        return cert, key

    def serve_api(self):
        """The keys of the cluster's tokens, and tokens."""
        cert, key = self.certificate("kubernetes", "DNS:kubernetes.default.svc", "DNS:kubernetes.default.svc.cluster.local")
        self.api_cert, self.token_key = cert, self.work / "tokens.key"
        run("openssl", "genrsa", "-out", str(self.token_key), "2048")
        modulus = run("openssl", "rsa", "-in", str(self.token_key), "-noout", "-modulus", text=True).strip().split("=")[1]
        keys = json.dumps({"keys": [{"kty": "RSA", "kid": "pods", "use": "sig", "alg": "RS256", "e": "AQAB",
                                     "n": b64(bytes.fromhex(modulus))}]}).encode()

        class Api(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                known = str(self.headers.get("Authorization")).startswith("Bearer ey")
                code = 404 if self.path != "/openid/v1/jwks" else 200 if known else 401
                self.send_response(code)
                self.end_headers()
                self.wfile.write(keys if code == 200 else b"")

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer((API, 443), Api)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.name("kubernetes.default.svc kubernetes.default.svc.cluster.local", API)

    def collect(self):
        """A collector of traces at OTLP's usual port."""
        self.spans = spans = Spans()

        class Collector(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                spans.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer((API, 4318), Collector)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def token(self, account, audience, pod=None):
        now = int(time.time())
        namespace = "postern"
        claims = {"iss": "https://kubernetes.default.svc.cluster.local", "aud": [audience], "iat": now, "nbf": now - 5,
                  "exp": now + 3600, "sub": f"system:serviceaccount:{namespace}:{account}",
                  "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": account, "uid": "1"},
                                    "pod": {"name": pod or account, "uid": "2"}}}
        signed = b64(b'{"alg":"RS256","kid":"pods"}') + "." + b64(json.dumps(claims).encode())
        signature = run("openssl", "dgst", "-sha256", "-sign", str(self.token_key), input=signed.encode())
        return signed + "." + b64(signature)

    def database(self, jar, user, password, base, name):
        """PostgreSQL, from the archive that the embedded one is made of."""
        home = self.work / "postgres"
        home.mkdir()
        with zipfile.ZipFile(jar) as archive:
            packed = archive.read(next(entry for entry in archive.namelist() if entry.endswith(".txz")))
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:xz") as archive:
            archive.extractall(home)
        (home / "secret").write_text(password)
        run("chown", "-R", "65534:65534", str(home))
        self.work.chmod(0o755)
        as_nobody = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
        run(*as_nobody, f"{home}/bin/initdb", "-D", f"{home}/data", "-U", user, "-A", "scram-sha-256", "--pwfile",
            f"{home}/secret", "--locale=C", "-E", "UTF8", "--no-instructions", cwd="/")
        run(*as_nobody, f"{home}/bin/postgres", "--single", "-D", f"{home}/data", "postgres",
            input=f"CREATE DATABASE {base}\n".encode(), cwd="/")
        log = open(self.work / "postgres.log", "wb")
        self.postgres = subprocess.Popen(
            [*as_nobody, f"{home}/bin/postgres", "-D", f"{home}/data", "-c", f"listen_addresses={API}", "-c", "fsync=off",
             "-c", f"unix_socket_directories={home}"], stdout=log, stderr=log, cwd="/")
        with (home / "data/pg_hba.conf").open("a") as file:
            file.write("host all all 10.77.0.0/24 scram-sha-256\n")
        pid_file = home / "data/postmaster.pid"
        until("PostgreSQL", lambda: pid_file.exists() and "ready" in pid_file.read_text())
        self.postgres.send_signal(signal.SIGHUP)
        self.name(name, API)

    def close(self):
        if hasattr(self, "postgres"):
            self.postgres.send_signal(signal.SIGINT)
            self.postgres.wait(60)
        for holder in self.holders:
            holder.kill()
            holder.wait()


class Pod:
    """One pod of a workload's template, run from root folders of images."""

    def __init__(self, cluster, objects, template, name, images, dockerfile):
        self.cluster, self.objects, self.pod_name, self.images = cluster, objects, name, images
        self.spec, self.dockerfile = template["spec"], dockerfile
        self.work = cluster.work / name
        self.work.mkdir()
        self.network, self.address = cluster.sandbox()
        security = self.spec["securityContext"]
        self.user, self.group = security["runAsUser"], security["fsGroup"]
        self.volumes = {volume["name"]: self.volume(volume) for volume in self.spec.get("volumes", [])}
        self.running = {}

    def found(self, kind, name):
        return next(o for o in self.objects if o["kind"] == kind and o["metadata"]["name"] == name)

    def data(self, kind, name):
        each = self.found(kind, name)
        plain = {key: value.encode() for key, value in (each.get("stringData") or {}).items()}
        if kind == "ConfigMap":
            return {key: value.encode() for key, value in each["data"].items()}
        return plain | {key: base64.b64decode(value) for key, value in (each.get("data") or {}).items()}

    def volume(self, volume):
        folder = self.work / volume["name"]
        folder.mkdir()
        files, mode = {}, 0o644
        if "secret" in volume:
            secret = volume["secret"]
            files, mode = self.data("Secret", secret["secretName"]), secret.get("defaultMode", mode)
            if "items" in secret:
                files = {item["path"]: files[item["key"]] for item in secret["items"]}
        elif "configMap" in volume:
            files, mode = self.data("ConfigMap", volume["configMap"]["name"]), volume["configMap"].get("defaultMode", mode)
        elif "projected" in volume:
            mode = volume["projected"].get("defaultMode", mode)
            for source in volume["projected"]["sources"]:
                files |= self.projected(source)
        for name, content in files.items():
            (folder / name).write_bytes(content)
            os.chown(folder / name, 0, self.group)
            (folder / name).chmod(mode)
        os.chown(folder, 0, self.group)
        folder.chmod(0o2777 if "emptyDir" in volume else 0o755)
        return folder

    def projected(self, source):
        if "serviceAccountToken" in source:
            token = source["serviceAccountToken"]
            audience = token.get("audience", "https://kubernetes.default.svc")
            signed = self.cluster.token(self.spec["serviceAccountName"], audience, self.pod_name)
            return {token["path"]: signed.encode()}
        if "configMap" in source and source["configMap"]["name"] == "kube-root-ca.crt":
            return {item["path"]: self.cluster.api_cert.read_bytes() for item in source["configMap"]["items"]}
        raise AssertionError(f"a projected source that this cluster does not have: {source}")

    def value(self, entry):
        if "value" in entry:
            return str(entry["value"])
        source = entry["valueFrom"]
        if "fieldRef" in source:
            return {"metadata.name": self.pod_name, "status.podIP": self.address,
                    "metadata.namespace": "postern"}[source["fieldRef"]["fieldPath"]]
        secret = source["secretKeyRef"]
        return self.data("Secret", secret["name"])[secret["key"]].decode()

    def environment(self, container):
        env = dict(self.dockerfile["env"], HOSTNAME=self.pod_name)
        for entry in container.get("env", []):
            env[entry["name"]] = re.sub(r"\$\((\w+)\)", lambda m: env.get(m[1], m[0]), self.value(entry))
        return env

    def start(self, container):
        program = re.sub(r".*postern-([a-z-]+):.*", r"\1", container["image"])
        folder = self.work / f"{container['name']}.container"
        (folder / "root").mkdir(parents=True, exist_ok=True)
        env = self.environment(container)
        mounts = []
        for each in container.get("volumeMounts", []):
            source = self.volumes[each["name"]] / each.get("subPath", "")
            mounts.append({"source": str(source), "path": each["mountPath"], "readOnly": each.get("readOnly", False)})
        command = container.get("command", self.dockerfile["entrypoint"]) + container.get("args", [])
        (folder / "spec.json").write_text(json.dumps({
            "root": str(folder / "root"), "image": str(self.images / program), "hosts": str(self.cluster.hosts),
            "mounts": mounts, "user": self.user, "group": self.group, "env": env, "folder": self.dockerfile["folder"],
            "command": [re.sub(r"\$\((\w+)\)", lambda m: env.get(m[1], m[0]), word) for word in command]}))
        log = open(folder / "log", "wb")
        process = subprocess.Popen(
            ["nsenter", "-t", str(self.network), "-n", "unshare", "--mount", "--pid", "--ipc", "--uts", "--fork",
             "--kill-child=KILL", "--propagation", "private", "python3", "-B", str(HERE / "pod.py"), str(folder / "spec.json")],
            stdout=log, stderr=log)
        self.running[container["name"]] = process
        return process

    def log(self, container):
        return (self.work / f"{container}.container" / "log").read_text(errors="replace")

    def initialise(self):
        for container in self.spec.get("initContainers", []):
            end = time.monotonic() + WAIT
            while (code := self.start(container).wait(WAIT)) != 0:  # a node starts it again, too
                assert time.monotonic() < end, \
                    f"{self.pod_name}: {container['name']} ends with {code}: {self.log(container['name'])[-1500:]}"
                time.sleep(5)

    def inner(self, container):
        """The container's first process, as the node's process tree has it."""
        outer = self.running[container].pid
        children = pathlib.Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
        return int(children[0])

    def ask(self, container, path, port, scheme="http"):
        """Status and body, as the kubelet asks; certificates are not looked at."""
        port = next((p["containerPort"] for p in container["ports"] if p["name"] == port), port)
        answer = run("curl", "-sk", "--max-time", "10", "-w", "\n%{http_code}", f"{scheme.lower()}://{self.address}:{port}{path}", text=True)
        body, _, code = answer.rpartition("\n")
        return int(code), body

    def probe(self, container, kind):
        wanted = container[kind]["httpGet"]
        code, body = self.ask(container, wanted["path"], wanted["port"], wanted.get("scheme", "HTTP"))
        return 200 <= code < 400 or f"{code} {body[-800:]}"

    def wait_for(self, container, kind):
        def answers():
            code = self.running[container["name"]].poll()
            if code is not None:
                raise AssertionError(f"{self.pod_name} ended with {code}: {self.log(container['name'])[-3000:]}")
            return self.probe(container, kind)

        until(f"{self.pod_name}: {kind}", answers)

    def stop(self, container):
        """SIGTERM, as after preStop; the exit code and the seconds it took."""
        process, began = self.running[container["name"]], time.monotonic()
        os.kill(self.inner(container["name"]), signal.SIGTERM)
        process.wait(WAIT)
        return process.returncode, time.monotonic() - began

    def kill(self):
        for process in self.running.values():
            if process.poll() is None:
                process.kill()
                process.wait()


def image(dockerfile):
    """What the last stage of a Dockerfile says of how its program runs."""
    text = dockerfile.read_text().rpartition("\nFROM ")[2]
    env = {}
    for words in re.findall(r"^ENV (.*)$", text, re.M):
        env |= dict(word.split("=", 1) for word in words.split())
    user, _, group = re.search(r"^USER (.*)$", text, re.M)[1].partition(":")
    return {"entrypoint": json.loads(re.search(r"^ENTRYPOINT (.*)$", text, re.M)[1]), "env": env, "user": int(user),
            "group": int(group), "folder": re.search(r"^WORKDIR (.*)$", text, re.M)[1]}
