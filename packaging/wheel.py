#!/usr/bin/env python3
"""Makes a Python wheel that carries the program, as ruff's do.

    packaging/wheel.py VERSION x86_64|aarch64 PROGRAM LICENCES INTO

`pip install` puts aibrixctl and kubectl-aibrix beside Python's own programs; `python -m aibrixctl` runs it too. The same inputs
and SOURCE_DATE_EPOCH give the same bytes.
"""
import base64
import hashlib
import os
import pathlib
import sys
import time
import zipfile

# Static and without glibc: what manylinux and musllinux ask for is there anyway.
TAGS = {
    "x86_64": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "aarch64": "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
}

FIND = '''"""The program that this package carries."""
import os
import sys
import sysconfig


def find_program():
    """The path of aibrixctl, where pip put it."""
    places = [sysconfig.get_path("scripts")]
    if sys.version_info >= (3, 10):
        places.append(sysconfig.get_path("scripts", scheme=sysconfig.get_preferred_scheme("user")))
    # pip install --target
    places.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin"))
    for place in places:
        path = os.path.join(place, "aibrixctl")
        if os.path.isfile(path):
            return path
    raise FileNotFoundError("aibrixctl is in none of: " + ", ".join(places))
'''

MAIN = '''import os
import sys

from aibrixctl import find_program

program = find_program()
os.execv(program, [program, *sys.argv[1:]])
'''

PLUGIN = '''#!python
import os
import sys

from aibrixctl import find_program

# The program goes by the name it is called by: kubectl aibrix.
os.execv(find_program(), ["kubectl-aibrix", *sys.argv[1:]])
'''


def metadata(version, readme):
    return f"""Metadata-Version: 2.4
Name: aibrixctl
Version: {version}
Summary: Finds and fixes what is wrong with AIBrix on Kubernetes
License-Expression: Apache-2.0
License-File: licenses/LICENSE
Keywords: kubernetes,aibrix,envoy-gateway,llm,troubleshooting
Classifier: Environment :: Console
Classifier: Intended Audience :: System Administrators
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: C++
Requires-Python: >=3.8
Description-Content-Type: text/markdown

{readme}"""


def main():
    version, target, program, licences, into = sys.argv[1:]
    root = pathlib.Path(__file__).resolve().parent.parent
    info, data = f"aibrixctl-{version}.dist-info", f"aibrixctl-{version}.data/scripts"
    tag = f"py3-none-{TAGS[target]}"
    files = [
        ("aibrixctl/__init__.py", FIND.encode(), 0o644),
        ("aibrixctl/__main__.py", MAIN.encode(), 0o644),
        (f"{data}/aibrixctl", pathlib.Path(program).read_bytes(), 0o755),
        (f"{data}/kubectl-aibrix", PLUGIN.encode(), 0o755),
        (f"{data}/kubectl_complete-aibrix", (root / "completions/kubectl_complete-aibrix").read_bytes(), 0o755),
        (f"{info}/METADATA", metadata(version, (root / "README.md").read_text()).encode(), 0o644),
        (f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: aibrixctl\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(), 0o644),
        (f"{info}/licenses/LICENSE", (root / "LICENSE").read_bytes(), 0o644),
    ]
    for path in sorted(pathlib.Path(licences).iterdir()):
        files.append((f"{info}/licenses/linked/{path.name}", path.read_bytes(), 0o644))
    stamp = time.gmtime(max(int(os.environ["SOURCE_DATE_EPOCH"]), 315532800))[:6]  # ZIP's years begin with 1980
    record = []
    target_file = pathlib.Path(into) / f"aibrixctl-{version}-{tag}.whl"
    with zipfile.ZipFile(target_file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:

        def add(name, content, mode):
            entry = zipfile.ZipInfo(name, stamp)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            wheel.writestr(entry, content)

        for name, content, mode in files:
            add(name, content, mode)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(content)}\n")
        record.append(f"{info}/RECORD,,\n")
        add(f"{info}/RECORD", "".join(record).encode(), 0o644)


if __name__ == "__main__":
    main()
