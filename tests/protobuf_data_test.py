# The table of Kubernetes' messages is what scripts/protobuf-data makes of the Go types, and the lists of every recording, of the
# examples and of objects with anything in their fields read the same from protobuf as from JSON. Skipped where the Go module
# k8s.io/api cannot be had; without ../shared/testdata the recordings are left out.
import os
import pathlib
import subprocess
import sys
import tempfile

root, unit = pathlib.Path(sys.argv[1]), sys.argv[2]
module = root / "tests/cluster/protobuf"
go = dict(os.environ, GOFLAGS="-mod=readonly", GOWORK="off")


def lists(out, *what):
    subprocess.run(["go", "run", "./lists", out, *what], cwd=module, env=go, check=True)


try:
    subprocess.run(["go", "mod", "download", "k8s.io/api"], cwd=module, env=go, check=True, capture_output=True, text=True)
except (FileNotFoundError, subprocess.CalledProcessError) as e:
    print("skipped: the Go module k8s.io/api cannot be had:", e)
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    subprocess.run([root / "scripts/protobuf-data", folder / "table.inc"], check=True, stdout=subprocess.DEVNULL)
    if (folder / "table.inc").read_text() != (root / "lib/kube/parse/protobuf_table.inc").read_text():
        print("lib/kube/parse/protobuf_table.inc differs from what its sources say; run scripts/protobuf-data")
        sys.exit(1)
    recordings = sorted((root / "../shared/testdata/clusters").glob("*.yaml"))
    if not recordings:
        print("skipped: ../shared/testdata/clusters is not there")
    out = folder / "lists"
    lists(out, *sorted(root.glob("examples/*/cluster.yaml")), *recordings)
    lists(out, "-random", "100", str(int.from_bytes(os.urandom(4), "little")))
    done = subprocess.run([unit, "lists in protobuf hold the same values as in JSON"],
                          env=dict(os.environ, AIBRIXCTL_PROTOBUF_LISTS=str(out)))
    sys.exit(done.returncode)
