#!/usr/bin/env python3
"""Prints an SPDX 2.3 document: the programs in dist/ and everything that is linked into them, from packaging/pins.

    packaging/sbom.py VERSION packaging/pins DIST
"""
import datetime
import hashlib
import json
import os
import pathlib
import re
import sys

# Where a package manager's own identifiers lead; scanners look vulnerabilities up by these.
CPE = {"openssl": "openssl:openssl", "curl": "haxx:libcurl", "nghttp2": "nghttp2:nghttp2", "zlib": "zlib:zlib",
       "musl": "musl-libc:musl", "libyaml": "pyyaml:libyaml", "yaml-cpp": "yaml-cpp_project:yaml-cpp", "simdjson": "simdjson:simdjson",
       "fmt": "fmt:fmt", "nlohmann-json": "json-for-modern-cpp_project:json-for-modern-cpp"}
BUILD_TOOLS = {"zig"}
NOT_LINKED = {"certifi"}


def spdx_id(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(fields):
    name, version, source, there, there_version, sha256, licence, _, origin = fields
    out = {
        "SPDXID": spdx_id(name),
        "name": name,
        "versionInfo": version,
        "supplier": "NOASSERTION",
        "downloadLocation": origin,
        "filesAnalyzed": False,
        "licenseConcluded": licence,
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
    }
    references = []
    if name in CPE:
        references.append({"referenceCategory": "SECURITY", "referenceType": "cpe23Type",
                           "referenceLocator": f"cpe:2.3:a:{CPE[name]}:{version}:*:*:*:*:*:*:*"})
    kind = {"crates": "cargo", "pypi": "pypi", "deb": "deb/debian", "source": "deb/debian"}.get(source)
    if kind:
        qualifier = {"source": "?arch=source", "deb": "?distro=debian-12"}.get(source, "")
        locator = f"pkg:{kind}/{there}@{there_version.replace('+', '%2B')}{qualifier}"
        references.append({"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator})
        out["comment"] = f"The file that brought it has the sha256 {sha256}."
    if references:
        out["externalRefs"] = references
    return out


def main():
    version, pins, dist = sys.argv[1:]
    when = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    rows = [line.rstrip("\n").split("|") for line in open(pins) if not line.startswith("#")]
    rows = [row for row in rows if row[0] not in NOT_LINKED]
    packages, relations = [], []
    for path in sorted(pathlib.Path(dist).glob(f"aibrixctl_{version}_linux_*")):
        if path.suffix in {".gz", ".deb", ".rpm"}:
            continue
        identity = spdx_id(path.name)
        packages.append({
            "SPDXID": identity,
            "name": "aibrixctl",
            "versionInfo": version,
            "packageFileName": path.name,
            "supplier": "NOASSERTION",
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "primaryPackagePurpose": "APPLICATION",
            "licenseConcluded": "Apache-2.0",
            "licenseDeclared": "Apache-2.0",
            "copyrightText": "The aibrixctl authors",
            "checksums": [{"algorithm": "SHA256", "checksumValue": hashlib.sha256(path.read_bytes()).hexdigest()}],
        })
        relations.append(("SPDXRef-DOCUMENT", "DESCRIBES", identity))
        for row in rows:
            if row[0] in BUILD_TOOLS:
                relations.append((spdx_id(row[0]), "BUILD_TOOL_OF", identity))
            else:
                relations.append((identity, "STATIC_LINK", spdx_id(row[0])))
    packages += [package(row) for row in rows]
    sums = "".join(p["checksums"][0]["checksumValue"] for p in packages if "checksums" in p)
    json.dump({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"aibrixctl-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/aibrixctl-{version}-{hashlib.sha256(sums.encode()).hexdigest()[:32]}",
        "creationInfo": {"created": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": [f"Tool: aibrixctl-{version}"]},
        "packages": packages,
        "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b} for a, kind, b in relations],
    }, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
