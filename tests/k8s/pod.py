"""Runs one container of a pod as a node would: a root folder that is read only, the mounts of its manifest, a user that is nobody,
no capability, no way to one. Called inside of the pod's namespaces: pod.py SPEC, a JSON file."""

import ctypes
import json
import os
import subprocess
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
READ_ONLY, BIND, REMOUNT, NO_SUID, NO_DEV = 1, 4096, 32, 2, 4
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38


def mount(source, target, kind="", flags=0, data=""):
    if LIBC.mount(source.encode(), target.encode(), kind.encode(), flags, data.encode()):
        raise OSError(ctypes.get_errno(), f"mount {source} at {target}")


def bind(source, target, read_only):
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "a").close()
    mount(source, target, "", BIND)
    mount(source, target, "", BIND | REMOUNT | NO_SUID | NO_DEV | (READ_ONLY if read_only else 0))


def build(spec):
    root = spec["root"]
    mount("pod", root, "tmpfs", 0, "mode=755,size=16m")
    for name in os.listdir(spec["image"]):
        source = os.path.join(spec["image"], name)
        if name in ("etc", "tmp"):  # others' folders are mounted below
            subprocess.run(["cp", "-a", source, root], check=True)
        else:
            bind(source, os.path.join(root, name), True)
    os.makedirs(f"{root}/proc")
    mount("proc", f"{root}/proc", "proc")
    for device in ("null", "zero", "random", "urandom"):
        os.makedirs(f"{root}/dev", exist_ok=True)
        open(f"{root}/dev/{device}", "w").close()
        mount(f"/dev/{device}", f"{root}/dev/{device}", "", BIND)
    bind(spec["hosts"], f"{root}/etc/hosts", True)
    for each in spec["mounts"]:
        bind(each["source"], root + each["path"], each["readOnly"])
    mount("pod", root, "", REMOUNT | READ_ONLY, "mode=755,size=16m")


def become(user, group):
    for capability in range(64):
        if LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            break  # the kernel's last one
    os.setgroups([group])
    os.setgid(group)
    os.setuid(user)
    if LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no new privileges")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = json.load(file)
    build(spec)
    os.chroot(spec["root"])
    os.chdir(spec["folder"])
    become(spec["user"], spec["group"])
    os.execve(spec["command"][0], spec["command"], spec["env"])


main()
