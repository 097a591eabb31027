#!/usr/bin/env python3
"""What scripts/package makes, as people meet it: packages_test.py DIST SOURCE.

DIST holds both architectures; what runs is the x86-64 program. No network but the loopback.
"""
import functools
import hashlib
import http.server
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import unittest
import zipfile

from support import Test, run, version_of

DIST, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
VERSION = version_of(SOURCE)
ARCHITECTURES = ('amd64', 'arm64')
PAGES = sorted(p.name for p in (SOURCE / 'man').glob('*.1'))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def archive(architecture):
    return DIST / f'aibrixctl_{VERSION}_linux_{architecture}.tar.gz'


def wheel(tag):
    return next(DIST.glob(f'aibrixctl-{VERSION}-py3-none-*{tag}*.whl'))


class Sums(Test):
    def test_every_file_is_in_SHA256SUMS_with_its_sum(self):
        told = dict(reversed(line.split()) for line in (DIST / 'SHA256SUMS').read_text().splitlines())
        there = {str(p.relative_to(DIST)): sha256(p) for p in DIST.rglob('*') if p.is_file() and p.name != 'SHA256SUMS'}
        self.assertEqual(told, there)

    def test_everything_that_is_promised_is_there(self):
        names = {p.name for p in DIST.iterdir()}
        wanted = {'SHA256SUMS', 'install.sh', 'Dockerfile', 'aibrix.yaml', 'aibrixctl.rb', 'default.nix', 'ca-certificates.crt',
                  f'aibrixctl_{VERSION}.spdx.json', f'aibrixctl-{VERSION}.tar.gz'}
        for a in ARCHITECTURES:
            wanted |= {f'aibrixctl_{VERSION}_linux_{a}', archive(a).name}
        self.assertEqual(wanted - names, set())
        self.assertEqual([len(list(DIST.glob(f'*.{kind}'))) for kind in ('deb', 'rpm', 'whl')], [2, 2, 2])


class Archives(Test):
    def test_an_archive_has_the_program_its_pages_completions_schema_and_licences(self):
        for architecture in ARCHITECTURES:
            with self.subTest(architecture), tarfile.open(archive(architecture)) as tar:
                members = {m.name: m for m in tar.getmembers()}
                root = archive(architecture).name[:-len('.tar.gz')]
                for name in ['aibrixctl', 'LICENSE', 'README.md', 'CHANGELOG.md', 'report.schema.json', 'licenses/openssl.txt',
                             'licenses/musl.txt', 'completions/_aibrixctl', 'completions/aibrixctl.bash', 'completions/aibrixctl.fish',
                             'completions/kubectl_complete-aibrix'] + [f'man/man1/{page}' for page in PAGES]:
                    self.assertIn(f'{root}/{name}', members)
                self.assertEqual(members[f'{root}/aibrixctl'].mode, 0o755)
                # Nothing of the machine that made it.
                self.assertEqual({(m.uid, m.gid, m.uname, m.gname) for m in members.values()}, {(0, 0, '', '')})
                self.assertEqual(len({m.mtime for m in members.values()}), 1)
                self.assertEqual([n for n in members if not (n == root or n.startswith(root + '/'))], [])
                json.load(tar.extractfile(f'{root}/report.schema.json'))

    def test_the_source_is_what_is_committed(self):
        with tarfile.open(DIST / f'aibrixctl-{VERSION}.tar.gz') as tar:
            names = set(tar.getnames())
        for name in ('CMakeLists.txt', 'LICENSE', 'cli/main.cpp', 'packaging/pins'):
            self.assertIn(f'aibrixctl-{VERSION}/{name}', names)
        self.assertEqual([n for n in names if '/build/' in n], [])

    def test_the_licence_of_every_linked_part_is_there(self):
        with tarfile.open(archive('amd64')) as tar:
            licences = {pathlib.Path(n).stem for n in tar.getnames() if '/licenses/' in n}
        self.assertEqual(licences, {row[0] for row in pins() if row[0] not in ('zig', 'certifi')})


def pins():
    lines = (SOURCE / 'packaging/pins').read_text().splitlines()
    return [line.split('|') for line in lines if line and not line.startswith('#')]


class SystemPackages(Test):
    def files_of(self, package):
        if package.suffix == '.deb':
            listed = self.succeeds('dpkg-deb', '--contents', package)
            return {line.split()[5].lstrip('.').rstrip('/') for line in listed.splitlines()}
        return set(self.succeeds('rpm', '-qpl', package).split())

    def test_both_kinds_hold_the_same_files(self):
        if not shutil.which('rpm'):
            self.skipTest('rpm is missing')
        for architecture, other in (('amd64', 'x86_64'), ('arm64', 'aarch64')):
            deb = self.files_of(next(DIST.glob(f'*{architecture}.deb')))
            rpm = self.files_of(next(DIST.glob(f'*{other}.rpm')))
            for name in ['bin/aibrixctl', 'bin/kubectl-aibrix', 'bin/kubectl_complete-aibrix',
                         'share/aibrixctl/report.schema.json', 'share/bash-completion/completions/aibrixctl',
                         'share/zsh/vendor-completions/_aibrixctl', 'share/fish/vendor_completions.d/aibrixctl.fish'
                         ] + [f'share/man/man1/{page}.gz' for page in PAGES]:
                self.assertIn(f'/usr/{name}', deb)
                self.assertIn(f'/usr/{name}', rpm)
            self.assertIn('/usr/share/doc/aibrixctl/copyright', deb)
            self.assertIn('/usr/share/licenses/aibrixctl/copyright', rpm)

    def test_a_deb_wants_nothing_that_might_be_missing(self):
        for package in DIST.glob('*.deb'):
            fields = self.succeeds('dpkg-deb', '--field', package)
            self.assertNotRegex(fields, r'(?m)^(Pre-)?Depends:')
            self.assertRegex(fields, rf'(?m)^Version: {re.escape(VERSION)}')
            packed = subprocess.run(['dpkg-deb', '--fsys-tarfile', package], stdout=subprocess.PIPE, check=True).stdout
            with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
                self.assertEqual({(m.uid, m.gid) for m in tar}, {(0, 0)})

    def test_an_rpm_wants_nothing_that_might_be_missing(self):
        if not shutil.which('rpm'):
            self.skipTest('rpm is missing')
        for package in DIST.glob('*.rpm'):
            wants = [w for w in self.succeeds('rpm', '-qpR', package).splitlines() if not w.startswith('rpmlib(')]
            self.assertEqual(wants, [])


class Wheels(Test):
    def test_pip_installs_the_program_the_plugin_and_the_module(self):
        self.succeeds(sys.executable, '-m', 'venv', self.folder / 'venv')
        self.succeeds(self.folder / 'venv/bin/pip', 'install', '--no-index', '--quiet', wheel('x86_64'))
        bin_ = self.folder / 'venv/bin'
        self.assertIn(VERSION, self.succeeds(bin_ / 'aibrixctl', '--version'))
        self.assertIn(VERSION, self.succeeds(bin_ / 'python', '-m', 'aibrixctl', '--version'))
        self.assertIn('kubectl aibrix', self.succeeds(bin_ / 'kubectl-aibrix', '--help'))
        self.assertEqual(run(bin_ / 'aibrixctl', 'doctor', '--frobnicate').returncode, 2)
        self.assertEqual(run(bin_ / 'python', '-m', 'aibrixctl', 'doctor', '--frobnicate').returncode, 2)
        self.succeeds(bin_ / 'pip', 'uninstall', '--yes', '--quiet', 'aibrixctl')
        self.assertEqual([p.name for p in bin_.iterdir() if 'aibrix' in p.name], [])

    def test_a_wheel_is_found_by_pip_in_its_target_folder_too(self):
        self.succeeds(sys.executable, '-m', 'venv', self.folder / 'venv')
        self.succeeds(self.folder / 'venv/bin/pip', 'install', '--no-index', '--quiet', '--target', self.folder / 'there', wheel('x86_64'))
        told = self.succeeds(self.folder / 'venv/bin/python', '-m', 'aibrixctl', '--version', env={**os.environ, 'PYTHONPATH': str(self.folder / 'there')})
        self.assertIn(VERSION, told)

    def test_the_record_of_a_wheel_holds(self):
        for tag in ('x86_64', 'aarch64'):
            with zipfile.ZipFile(wheel(tag)) as z:
                record = z.read(f'aibrixctl-{VERSION}.dist-info/RECORD').decode().splitlines()
                self.assertEqual({line.split(',')[0] for line in record}, set(z.namelist()))
                self.assertIn(tag, z.read(f'aibrixctl-{VERSION}.dist-info/WHEEL').decode())


class Install(Test):
    def install(self, *words, source=DIST, **options):
        return run('sh', source / 'install.sh', '--from', source, '--prefix', self.folder / 'there', *words, **options)

    def test_it_installs_what_runs_and_removes_all_of_it(self):
        ended = self.install()
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn(VERSION, self.succeeds(self.folder / 'there/bin/aibrixctl', '--version'))
        self.assertIn('kubectl aibrix', self.succeeds(self.folder / 'there/bin/kubectl-aibrix', '--help'))
        self.assertTrue((self.folder / 'there/share/man/man1/aibrixctl.1').exists())
        self.assertEqual(self.install().returncode, 0)  # once more, over what is there
        self.assertEqual(self.install('--remove').returncode, 0)
        self.assertEqual([str(p) for p in (self.folder / 'there').rglob('*') if not p.is_dir()], [])

    def copy(self):
        copy = self.folder / 'dist'
        copy.mkdir()
        for name in ('install.sh', 'SHA256SUMS', archive('amd64').name):
            shutil.copy(DIST / name, copy)
        return copy

    def nothing_is_installed(self, ended, why):
        self.assertEqual(ended.returncode, 1)
        self.assertIn(why, ended.stderr)
        self.assertFalse((self.folder / 'there/bin/aibrixctl').exists())

    def test_an_archive_that_was_changed_is_refused(self):
        copy = self.copy()
        with open(copy / archive('amd64').name, 'ab') as f:
            f.write(b'x')
        self.nothing_is_installed(self.install(source=copy), 'nothing is installed')

    def test_an_archive_without_a_sum_is_refused(self):
        copy = self.copy()
        (copy / 'SHA256SUMS').write_text('')
        self.nothing_is_installed(self.install(source=copy), 'does not name')

    def test_an_archive_that_cannot_be_had_is_said(self):
        copy = self.copy()
        (copy / archive('amd64').name).unlink()
        self.nothing_is_installed(self.install(source=copy), 'could not be had')

    def test_it_installs_over_http(self):
        quiet = type('Quiet', (http.server.SimpleHTTPRequestHandler,), {'log_message': lambda *_: None})
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(quiet, directory=str(DIST)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        script = (DIST / 'install.sh').read_text()
        ended = run('sh', '-s', '--', '--prefix', self.folder / 'there', input=script,
                    env={**os.environ, 'AIBRIXCTL_INSTALL_FROM': f'http://127.0.0.1:{server.server_port}', 'no_proxy': '127.0.0.1'})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn(VERSION, self.succeeds(self.folder / 'there/bin/aibrixctl', '--version'))


class Templates(Test):
    def test_nothing_is_left_to_fill_in(self):
        for path in (SOURCE / 'packaging/templates').iterdir():
            self.assertNotRegex((DIST / path.name).read_text(), r'@[A-Z][A-Za-z0-9_]*@', path.name)

    def test_each_names_archives_that_are_there_with_their_sums(self):
        for name in ('aibrix.yaml', 'aibrixctl.rb', 'default.nix'):
            sums = set(re.findall(r'\b[0-9a-f]{64}\b', (DIST / name).read_text()))
            self.assertLessEqual(sums, {sha256(p) for p in DIST.glob('*.tar.gz')}, name)
            self.assertLessEqual({sha256(archive(a)) for a in ARCHITECTURES}, sums, name)

    def test_what_the_image_copies_is_there(self):
        text = (DIST / 'Dockerfile').read_text()
        for name in re.findall(r'^COPY (\S+)', text, re.MULTILINE):
            for architecture in ARCHITECTURES:
                self.assertTrue((DIST / name.replace('${TARGETARCH}', architecture)).exists(), name)
        self.assertRegex(text, r'(?m)^USER 65532:65532$')
        roots = (DIST / 'ca-certificates.crt').read_text()
        self.assertGreater(roots.count('BEGIN CERTIFICATE'), 100)

    def test_ruby_reads_the_formula(self):
        if not shutil.which('ruby'):
            self.skipTest('ruby is missing')
        self.assertIn('Syntax OK', self.succeeds('ruby', '-c', DIST / 'aibrixctl.rb'))

    @unittest.skipUnless(shutil.which('nix-instantiate'), 'nix is missing')
    def test_nix_evaluates_the_expression_for_both_architectures(self):
        for system, architecture in (('x86_64-linux', 'amd64'), ('aarch64-linux', 'arm64')):
            packages = (f'{{ lib.licenses.asl20 = "asl20"; lib.platforms.linux = []; lib.sourceTypes.binaryNativeCode = "binary"; '
                        f'stdenvNoCC = {{ hostPlatform.system = "{system}"; mkDerivation = a: a; }}; fetchurl = a: a; installShellFiles = "i"; }}')
            made = json.loads(self.succeeds(
                'nix-instantiate', '--store', 'dummy://', '--eval', '--strict', '--json', '--expr',
                f'import {DIST}/default.nix {{ pkgs = {packages}; }}'))
            self.assertEqual((made['pname'], made['version']), ('aibrixctl', VERSION))
            self.assertTrue(made['src']['url'].endswith(f'/{archive(architecture).name}'), made['src'])
            self.assertEqual(made['src']['sha256'], sha256(archive(architecture)))

    def test_the_krew_manifest_selects_a_program_for_each_architecture(self):
        import yaml
        manifest = yaml.safe_load((DIST / 'aibrix.yaml').read_text())
        self.assertEqual(manifest['spec']['version'], f'v{VERSION}')
        for platform in manifest['spec']['platforms']:
            labels = platform['selector']['matchLabels']
            with tarfile.open(archive(labels['arch'])) as tar:
                names = tar.getnames()
            for move in platform['files']:
                pattern = move['from'].replace('*', '[^/]+')
                self.assertTrue([n for n in names if re.fullmatch(pattern, n)], move)


class Sbom(Test):
    def test_every_linked_part_is_in_it_with_its_version(self):
        document = json.loads((DIST / f'aibrixctl_{VERSION}.spdx.json').read_text())
        told = {p['name']: p['versionInfo'] for p in document['packages']}
        for row in pins():
            if row[0] != 'certifi':
                self.assertEqual(told[row[0]], row[1])
        programs = {p['packageFileName']: p['checksums'][0]['checksumValue'] for p in document['packages'] if 'packageFileName' in p}
        self.assertEqual(programs, {p.name: sha256(p) for p in (DIST / f'aibrixctl_{VERSION}_linux_{a}' for a in ARCHITECTURES)})
        linked = [r for r in document['relationships'] if r['relationshipType'] == 'STATIC_LINK']
        self.assertEqual(len(linked), 2 * (len(pins()) - 2))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
