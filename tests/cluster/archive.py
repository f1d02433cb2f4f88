"""Packs a root folder as an image, in the form of `docker save`: archive.py FOLDER NAME CONFIG FILE. CONFIG says how its program runs:
a Dockerfile, by its last stage, or the `config` of an image as JSON."""

import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

from cluster import image

FOLDER, NAME, CONFIG, FILE = sys.argv[1:]


def config():
    if CONFIG.startswith("{"):
        return json.loads(CONFIG)
    said = image(pathlib.Path(CONFIG))
    return {"Entrypoint": said["entrypoint"], "Env": [f"{name}={value}" for name, value in said["env"].items()],
            "User": f"{said['user']}:{said['group']}", "WorkingDir": said["folder"]}


def add(archive, name, data):
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


with tempfile.NamedTemporaryFile(dir=pathlib.Path(FILE).parent) as layer:
    subprocess.run(["tar", "-C", FOLDER, "--numeric-owner", "--owner=0", "--group=0", "-cf", layer.name, "."], check=True)
    digest = subprocess.run(["sha256sum", layer.name], check=True, capture_output=True, text=True).stdout.split()[0]
    described = json.dumps({"architecture": "amd64", "os": "linux", "config": config(),
                            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]}}).encode()
    with tarfile.open(FILE, "w") as archive:
        add(archive, "config.json", described)
        archive.add(layer.name, "layer.tar")
        add(archive, "manifest.json", json.dumps([{"Config": "config.json", "RepoTags": [NAME], "Layers": ["layer.tar"]}]).encode())
