"""A cluster's API of a few objects, for templates that look at what is there: as much of it as `helm template --dry-run=server` asks."""

import http.server
import json
import pathlib
import tempfile
import threading

KINDS = {"Secret": ("/api/v1", "v1", "secrets"), "Deployment": ("/apis/apps/v1", "apps/v1", "deployments")}


class Api:
    """Serves the objects while it is entered; gives the path of a kubeconfig."""

    def __init__(self, objects):
        self.answers = {}
        for kind, (path, version, plural) in KINDS.items():
            resource = {"name": plural, "singularName": "", "kind": kind, "namespaced": True, "verbs": ["get"]}
            self.answers[path] = {"kind": "APIResourceList", "groupVersion": version, "resources": [resource]}
        for each in objects:
            path, _, plural = KINDS[each["kind"]]
            self.answers[f"{path}/namespaces/postern/{plural}/{each['metadata']['name']}"] = each

    def __enter__(self):
        answers = self.answers

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                answer = answers.get(self.path.partition("?")[0])
                missing = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
                body = json.dumps(answer or missing).encode()
                self.send_response(200 if answer else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.folder = tempfile.TemporaryDirectory()
        config = pathlib.Path(self.folder.name) / "config"
        config.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "here", "users": [{"name": "nobody", "user": {}}],
            "clusters": [{"name": "here", "cluster": {"server": f"http://127.0.0.1:{self.server.server_port}"}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "nobody"}}]}))
        return str(config)

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()
