#!/usr/bin/env python3
"""A Kubernetes of one node, for as long as a command runs: node.py PROGRAMS WORK IMAGES COMMAND…, the first process of PID, network,
mount, IPC and UTS namespaces, as root. All that it starts ends with it. PROGRAMS is the folder of the cluster's programs, WORK an
empty folder, IMAGES a folder of archives that the node has from the start. COMMAND finds `kubectl`, and a KUBECONFIG. Exit code:
that of COMMAND; 3 when the cluster does not come up, or a part of it ended meanwhile, with the end of the log that says why."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

PROGRAMS, WORK, IMAGES = (pathlib.Path(each) for each in sys.argv[1:4])
COMMAND = sys.argv[4:]
NODE = "10.89.0.1"
PODS, SERVICES, API_SERVICE, NAMES = "10.88.0.0/16", "10.96.0.0/16", "10.96.0.1", "10.96.0.10"
API = f"https://{NODE}:6443"
DOMAIN = "cluster.local"
ISSUER = f"https://kubernetes.default.svc.{DOMAIN}"
BUSYBOX, COREDNS = "postern.test/busybox:1", "postern.test/coredns:1"
VOLUMES = 6
WAIT = 120
PLUGINS = next((each for each in ("/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni") if os.path.exists(f"{each}/ptp")), None)
ENV = dict(os.environ, PATH=f"{PROGRAMS}:/usr/sbin:/sbin:{os.environ['PATH']}", KUBECONFIG=str(WORK / "admin.kubeconfig"),
           KUBECACHEDIR=str(WORK / "cache"))


class Broken(Exception):
    """The cluster does not come up; the message says what does not, and what its log says."""


def run(*command, **options):
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, env=ENV, **options)
    if done.returncode:
        raise Broken(f"{' '.join(str(each) for each in command[:4])}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def write(name, content):
    path = WORK / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    return path


def end_of(log):
    return "\n".join(line[:300] for line in log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""


class Node:
    def __init__(self):
        self.running = {}

    def start(self, program, *arguments):
        log = open(WORK / f"{program}.log", "wb")
        self.running[program] = subprocess.Popen([shutil.which(program, path=ENV["PATH"]), *(str(each) for each in arguments)],
                                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENV)

    def until(self, what, program, condition):
        """Waits until something holds, and says what the program that it depends on has in its log when it does not."""
        deadline = time.monotonic() + WAIT
        while True:
            try:
                if condition():
                    return
                missed = ""
            except Broken as failure:
                missed = str(failure)
            code = self.running[program].poll()
            if code is not None or time.monotonic() > deadline:
                ended = f"{program} ended with {code}" if code is not None else f"not in {WAIT} s"
                raise Broken(f"{what}: {ended}. {missed}\n{end_of(WORK / f'{program}.log')}")
            time.sleep(0.2)

    def folders(self):
        """Where programs have no say over a path, it is one of this node's own."""
        run("mount", "--make-rprivate", "/")
        for place in ("/run", "/var/lib/cni", "/var/log"):
            os.makedirs(place, exist_ok=True)
            own = WORK / "places" / place.strip("/")
            own.mkdir(parents=True)
            run("mount", "--bind", own, place)
        # COMMAND finds names as a pod does
        run("mount", "--bind", write("resolv.conf", f"nameserver {NAMES}\nsearch {DOMAIN}\noptions ndots:5\n"), "/etc/resolv.conf")
        (WORK / "nothing.conf").touch()

    def network(self):
        """An address for the node that is not the loopback's, and a way out that leads nowhere."""
        for words in ("link set lo up", "link add node type bridge", f"address add {NODE}/24 dev node", "link set node up",
                      "route add default dev node"):
            run("ip", *words.split())
        pathlib.Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        # each pod at the end of a line of its own: what one pod says to another passes the node's rules for services
        write("cni/10-pods.conflist", {"cniVersion": "0.4.0", "name": "pods", "plugins": [
            {"type": "ptp", "ipMasq": False, "ipam": {"type": "host-local", "ranges": [[{"subnet": PODS}]], "routes": [{"dst": "0.0.0.0/0"}]}}]})

    def keys(self):
        """The authority, and who it vouches for: the API server, the node, the administrator that all else acts as."""
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        run("openssl", "req", "-x509", *key, "-days", "2", "-subj", "/CN=cluster", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", WORK / "ca.key", "-out", WORK / "ca.crt")
        names = f"subjectAltName=IP:{NODE},IP:{API_SERVICE},IP:127.0.0.1,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.{DOMAIN}"
        for name, subject, further in (("api", "/CN=kube-apiserver", ("-addext", names)), ("admin", "/O=system:masters/CN=admin", ()),
                                       ("kubelet", "/O=system:nodes/CN=system:node:node", ())):
            run("openssl", "req", *key, "-subj", subject, *further, "-keyout", WORK / f"{name}.key", "-out", WORK / f"{name}.csr")
            run("openssl", "x509", "-req", "-in", WORK / f"{name}.csr", "-CA", WORK / "ca.crt", "-CAkey", WORK / "ca.key", "-days", "2",
                "-copy_extensions", "copy", "-out", WORK / f"{name}.crt")
        run("openssl", "genrsa", "-out", WORK / "accounts.key", "2048")
        run("openssl", "rsa", "-in", WORK / "accounts.key", "-pubout", "-out", WORK / "accounts.pub")
        for name in ("admin", "kubelet"):
            write(f"{name}.kubeconfig", {
                "apiVersion": "v1", "kind": "Config", "current-context": "node",
                "contexts": [{"name": "node", "context": {"cluster": "node", "user": name}}],
                "clusters": [{"name": "node", "cluster": {"server": API, "certificate-authority": str(WORK / "ca.crt")}}],
                "users": [{"name": name, "user": {"client-certificate": str(WORK / f"{name}.crt"), "client-key": str(WORK / f"{name}.key")}}]})

    def containers(self):
        cri = '[plugins."io.containerd.grpc.v1.cri"'
        write("containerd.toml", f"""version = 2
root = "{WORK}/containerd"
state = "{WORK}/containerd.state"
[grpc]
address = "{WORK}/containerd.sock"
{cri}]
sandbox_image = "{BUSYBOX}"
restrict_oom_score_adj = true
{cri}.containerd]
snapshotter = "{self.snapshotter()}"
{cri}.cni]
bin_dir = "{PLUGINS}"
conf_dir = "{WORK}/cni"
""")
        self.start("containerd", "-c", WORK / "containerd.toml")
        ctr = ("ctr", "--address", WORK / "containerd.sock", "-n", "k8s.io")
        self.until("containerd", "containerd", lambda: run(*ctr, "version"))
        for archive in sorted(IMAGES.glob("*.tar")):
            run(*ctr, "images", "import", "--snapshotter", self.snapshotter(), archive)

    def snapshotter(self):
        """Layers when this file system can lie over another, copies when it cannot."""
        if not hasattr(self, "layers"):
            parts = [WORK / "overlay" / each for each in ("lower", "upper", "work", "merged")]
            for part in parts:
                part.mkdir(parents=True)
            lower, upper, work, merged = parts
            try:
                run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={work}", merged)
                run("umount", merged)
                self.layers = "overlayfs"
            except Broken:
                self.layers = "native"
        return self.layers

    def control_plane(self):
        self.start("etcd", "--data-dir", WORK / "etcd", "--unsafe-no-fsync", "--listen-client-urls", "http://127.0.0.1:2379",
                   "--advertise-client-urls", "http://127.0.0.1:2379", "--listen-peer-urls", "http://127.0.0.1:2380")
        self.start("kube-apiserver", "--etcd-servers=http://127.0.0.1:2379", f"--advertise-address={NODE}", "--secure-port=6443",
                   f"--service-cluster-ip-range={SERVICES}", f"--client-ca-file={WORK}/ca.crt", f"--cert-dir={WORK}/api",
                   f"--tls-cert-file={WORK}/api.crt", f"--tls-private-key-file={WORK}/api.key", "--authorization-mode=Node,RBAC",
                   f"--service-account-issuer={ISSUER}", f"--service-account-key-file={WORK}/accounts.pub",
                   f"--service-account-signing-key-file={WORK}/accounts.key", f"--kubelet-client-certificate={WORK}/admin.crt",
                   f"--kubelet-client-key={WORK}/admin.key", "--kubelet-preferred-address-types=InternalIP")
        self.until("the API server", "kube-apiserver", lambda: run("kubectl", "get", "--raw", "/readyz"))
        admin = f"--kubeconfig={WORK}/admin.kubeconfig"
        self.start("kube-controller-manager", admin, "--leader-elect=false", "--bind-address=127.0.0.1", f"--cert-dir={WORK}/manager",
                   f"--service-account-private-key-file={WORK}/accounts.key", f"--root-ca-file={WORK}/ca.crt")
        self.start("kube-scheduler", admin, "--leader-elect=false", "--bind-address=127.0.0.1", f"--cert-dir={WORK}/scheduler")

    def services(self):
        self.start("kube-proxy", "--config", write("proxy.json", {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration", "mode": "iptables", "clusterCIDR": PODS,
            "hostnameOverride": "node", "clientConnection": {"kubeconfig": f"{WORK}/admin.kubeconfig"}, "conntrack": {"maxPerCore": 0}}))

    def policies(self):
        self.start("kube-router", f"--service-cluster-ip-range={SERVICES}", "--hostname-override=node")
        self.until("policies", "kube-router", lambda: run("iptables", "-S", "KUBE-ROUTER-FORWARD"))

    def names(self):
        """CoreDNS, by the names and labels that it has everywhere: policies name them."""
        system = {"namespace": "kube-system", "name": "coredns"}
        labels = {"k8s-app": "kube-dns"}
        corefile = f".:53 {{\n errors\n ready\n kubernetes {DOMAIN} in-addr.arpa\n}}\n"
        pod = {"serviceAccountName": "coredns", "dnsPolicy": "Default", "containers": [{
            "name": "coredns", "image": COREDNS, "args": ["-conf", "/etc/coredns/Corefile"],
            "readinessProbe": {"httpGet": {"path": "/ready", "port": 8181}, "periodSeconds": 1},
            "volumeMounts": [{"name": "config", "mountPath": "/etc/coredns"}]}],
            "volumes": [{"name": "config", "configMap": {"name": "coredns"}}]}
        self.apply("names", [
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": system},
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "coredns"}, "rules": [
                {"apiGroups": [""], "resources": ["endpoints", "services", "pods", "namespaces"], "verbs": ["list", "watch"]},
                {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["list", "watch"]}]},
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "coredns"},
             "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "coredns"},
             "subjects": [{"kind": "ServiceAccount", **system}]},
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": system, "data": {"Corefile": corefile}},
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": system, "spec": {
                "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}},
            {"apiVersion": "v1", "kind": "Service", "metadata": {**system, "name": "kube-dns"}, "spec": {
                "clusterIP": NAMES, "selector": labels, "ports": [
                    {"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53, "protocol": "TCP"}]}}])
        self.until("names", "kubelet", lambda: run("kubectl", "-n", "kube-system", "rollout", "status", "deployment/coredns", "--timeout=2s"))

    def kubelet(self):
        never = {"memory.available": "1Mi", "nodefs.available": "0%", "nodefs.inodesFree": "0%", "imagefs.available": "0%"}
        self.start("kubelet", f"--kubeconfig={WORK}/kubelet.kubeconfig", "--hostname-override=node", f"--node-ip={NODE}",
                   f"--root-dir={WORK}/kubelet", f"--cert-dir={WORK}/kubelet.pki", "--config", write("kubelet.json", {
                       "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
                       "authentication": {"anonymous": {"enabled": False}, "webhook": {"enabled": True}, "x509": {"clientCAFile": f"{WORK}/ca.crt"}},
                       "authorization": {"mode": "Webhook"}, "containerRuntimeEndpoint": f"unix://{WORK}/containerd.sock",
                       "cgroupDriver": "cgroupfs", "clusterDomain": DOMAIN, "clusterDNS": [NAMES], "resolvConf": f"{WORK}/nothing.conf",
                       "failSwapOn": False, "failCgroupV1": False, "evictionHard": never, "imageGCHighThresholdPercent": 100}))
        self.until("the node", "kubelet", lambda: run("kubectl", "wait", "node/node", "--for=condition=Ready", "--timeout=2s"))

    def storage(self):
        """Volumes that wait to be claimed; nothing makes further ones."""
        objects = [{"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "kubernetes.io/no-provisioner",
                    "metadata": {"name": "folders", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}}]
        for number in range(VOLUMES):
            folder = WORK / "volumes" / str(number)
            folder.mkdir(parents=True)
            folder.chmod(0o777)
            objects.append({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"volume-{number}"}, "spec": {
                "capacity": {"storage": "10Gi"}, "accessModes": ["ReadWriteOnce"], "storageClassName": "folders",
                "persistentVolumeReclaimPolicy": "Retain", "hostPath": {"path": str(folder)}}})
        self.apply("storage", objects)

    def apply(self, name, objects):
        run("kubectl", "apply", "-f", write(f"{name}.json", {"apiVersion": "v1", "kind": "List", "items": objects}))

    def up(self):
        began = time.monotonic()
        for step in (self.folders, self.network, self.keys, self.containers, self.control_plane, self.services, self.kubelet, self.policies,
                     self.storage, self.names):
            step()
        print(f"== a node of {run('kubectl', 'get', 'node', 'node', '-o', 'jsonpath={.status.nodeInfo.kubeletVersion}')}, "
              f"ready after {time.monotonic() - began:.0f} s", flush=True)

    def gone(self):
        return [name for name, process in self.running.items() if process.poll() is not None]


def told_to_end(*_):
    raise KeyboardInterrupt


def main():
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, told_to_end)
    node, command = Node(), None
    try:
        node.up()
        command = subprocess.Popen(COMMAND, env=ENV)
        code = command.wait()
        gone = node.gone()
        for program in gone:
            print(f"{program} ended meanwhile:\n{end_of(WORK / f'{program}.log')}", file=sys.stderr)
        return code or (3 if gone else 0)  # what COMMAND saw was no whole cluster
    except Broken as failure:
        print(f"The cluster does not come up: {failure}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        if command:
            command.terminate()
            command.wait()
        return 130


sys.exit(main())
