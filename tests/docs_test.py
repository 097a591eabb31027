#!/usr/bin/env python3
"""README and docs/ against the program: docs_test.py AIBRIXCTL SOURCE FAKE-API-SERVER.

What is proved of a command that README or docs/ show:
  output      its output and exit code are those that the page shows (scripts/docs)
  offline     it runs without a cluster: it reads files or nothing, and ends as a good command does
  cluster     it runs against an API server made of examples/, and ends as a good command does; what it would apply is planned,
              tried (dry run) and not confirmed
  parsed      it would send to the gateway's address: it is understood, and ends for want of an API server
Those with a placeholder (NAME, …) and those of other programs (kubectl, curl, …) are counted and not run.
"""
import collections
import concurrent.futures
import html.parser
import importlib.util
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_loader

PROGRAM, SOURCE, SERVER = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
sys.dont_write_bytecode = True
docs = importlib.util.module_from_spec(spec_from_loader('docs', SourceFileLoader('docs', str(SOURCE / 'scripts' / 'docs'))))
docs.__spec__.loader.exec_module(docs)
PAGES = [SOURCE / 'README.md'] + sorted((SOURCE / 'docs').rglob('*.md'))
GROUPS = ('doctor', 'trace', 'explain', 'endpoint', 'fix', 'undo', 'preflight', 'snapshot', 'rbac', 'config', 'completion', 'version', 'mcp',
          'help', 'options')
OTHERS = ('kubectl', 'curl', 'cmake', 'sh', 'mkdocs', 'helm', 'man', 'pip', 'apt', 'rpm', 'brew', 'docker', 'tar')
OPERATORS = set('();<>|&')
BROKEN, HEALTHY, WITH_RUN = 'examples/broken-cluster', 'examples/healthy-cluster', 'examples/broken-cluster/.'


def code_of(text):
    """The lines of code of a page that a reader may copy: fenced, indented, and between backquotes."""
    text = docs.DIRECTIVE.sub('', text)
    for block in re.findall(r'^```\w*\n(.*?)^```', text, re.DOTALL | re.MULTILINE):
        yield from block.replace('\\\n', ' ').splitlines()
    text = re.sub(r'^```\w*\n.*?^```', '', text, flags=re.DOTALL | re.MULTILINE)
    for line in text.splitlines():
        if line.startswith('    '):
            yield line.strip()
    for span in re.findall(r'`([^`\n]*(?:\n[^`\n]+)?)`', re.sub(r'^    .*$', '', text, flags=re.MULTILINE)):
        yield span.replace('\n', ' ').replace('\\|', '|')


def words_of(line):
    lexer = shlex.shlex(line, posix=True, punctuation_chars='();<>|&')
    lexer.whitespace_split = True
    lexer.commenters = '#'
    return list(lexer)


def commands_of(line):
    """The commands of ours in a line, each a list of words; a span may leave the program's name out."""
    try:
        words = words_of(line)
    except ValueError:
        if 'aibrixctl ' in line:
            raise
        return
    if words and words[0] in GROUPS and len(words) > 1 and not any(w in OPERATORS for w in words[:2]):
        words = ['aibrixctl', *words]
    for i, word in enumerate(words):
        if word != 'aibrixctl' and word != 'build/release/aibrixctl':
            continue
        out = []
        for following in words[i + 1:]:
            if following and set(following) <= OPERATORS:
                break
            out.append(following)
        if out:
            yield out


def is_placeholder(command):
    return any('…' in w or re.fullmatch(r'(.*=)?[A-Z][A-Z_]+', w) for w in command)


class Markup(html.parser.HTMLParser):
    """Links and ids of a page of the site."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.fetched = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if attrs.get('id'):
            self.ids.add(attrs['id'])
        for name in ('href', 'src', 'srcset'):
            if attrs.get(name):
                self.links.append(attrs[name])
                if tag != 'a':
                    self.fetched.append(attrs[name])


class Docs(unittest.TestCase):
    def script(self, name, *words):
        done = subprocess.run([sys.executable, SOURCE / 'scripts' / name, '--check', PROGRAM, *words], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_outputs_and_pages_of_codes_are_what_the_program_says(self):
        self.script('docs', SERVER)

    def test_pictures_are_what_the_program_shows(self):
        self.script('pictures')

    def test_every_command_is_one(self):
        place = docs.Place(PROGRAM, SERVER)
        self.addCleanup(place.close)
        prepare(place)
        counted, seen, errors = collections.Counter(), set(), []
        for page in PAGES:
            text = page.read_text()
            counted['output'] += len(docs.DIRECTIVE.findall(text))
            for line in code_of(text):
                if line.split(' ')[0] in OTHERS:
                    counted['of other programs'] += 1
                for command in commands_of(line):
                    if is_placeholder(command):
                        counted['with a placeholder'] += 1
                    else:
                        seen.add((tuple(command), page.relative_to(SOURCE)))
        tried = {}
        for command, page in sorted(seen, key=str):
            tried.setdefault(command, page)
        # What leaves something behind goes first and alone; the rest side by side.
        for dump in (BROKEN, HEALTHY, WITH_RUN):
            place.kubeconfig(dump)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for (command, page), (kind, error) in zip(tried.items(), pool.map(lambda c: tried_out(place, list(c)), tried)):
                counted[kind] += 1
                if error:
                    errors.append(f'{page}: aibrixctl {shlex.join(command)}\n{error}')
        if os.environ.get('LIST_COMMANDS'):
            print('\n'.join(shlex.join(c) for c in tried))
        print('commands:', ', '.join(f'{n} {kind}' for kind, n in sorted(counted.items())))
        self.assertEqual(errors, [], '\n'.join(errors))
        self.assertGreater(counted['cluster'], 100)

    def test_links_between_the_markdown_files_lead_somewhere(self):
        for page in [SOURCE / n for n in ('README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CHANGELOG.md')] + PAGES:
            text = re.sub(r'^```.*?^```', '', page.read_text(), flags=re.DOTALL | re.MULTILINE)
            text = re.sub(r'`[^`\n]*`', '', text)
            links = re.findall(r'\]\(([^)\s]+)\)', text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
            for link in links:
                if re.match(r'https?://', link):
                    continue
                target, _, anchor = link.partition('#')
                to = (page.parent / target).resolve() if target else page
                self.assertTrue(to.exists(), f'{page.relative_to(SOURCE)}: {link}')
                if anchor:
                    titles = re.findall(r'^#+ (.*)$', to.read_text(), re.MULTILINE)
                    ids = {re.sub(r'[^\w\- ]', '', t.lower()).replace(' ', '-') for t in titles}
                    self.assertIn(anchor, ids, f'{page.relative_to(SOURCE)}: {link}')

    def test_the_site_is_rendered_and_every_link_and_anchor_leads_somewhere(self):
        if not shutil.which('mkdocs'):
            self.assertNotEqual(os.environ.get('CI'), 'true', 'mkdocs is not installed')
            self.skipTest('mkdocs is not installed')
        folder = pathlib.Path(tempfile.mkdtemp(prefix='aibrixctl-site-'))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        done = subprocess.run(['mkdocs', 'build', '--strict', '--quiet', '--config-file', SOURCE / 'mkdocs.yml', '--site-dir', folder],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        pages = {p: Markup(p.read_text()) for p in folder.rglob('*.html') if p.name != '404.html'}
        self.assertGreater(len(pages), 150)
        links = 0
        for page, markup in pages.items():
            for link in markup.fetched:
                self.assertNotRegex(link, r'^(https?:)?//', f'{page}: fetched from elsewhere')
            for link in markup.links:
                if re.match(r'(https?:|mailto:|data:|javascript:)', link):
                    continue
                target, _, anchor = link.partition('#')
                to = (page.parent / target).resolve() if target else page
                if to.is_dir():
                    to = to / 'index.html'
                links += 1
                self.assertTrue(to.exists(), f'{page.relative_to(folder)}: {link}')
                if anchor and to in pages:
                    self.assertIn(anchor, pages[to].ids, f'{page.relative_to(folder)}: {link}')
        codes = {p.stem for p in (SOURCE / 'docs' / 'codes').glob('*[0-9].md')}
        # AIBRIXCTL_HELP_BASE_URL plus the code is the folder that a web server leads to.
        self.assertEqual(codes, {p.parent.name for p in (folder / 'codes').glob('*/index.html')})
        print(f'site: {len(pages)} pages, {links} links')


def prepare(place):
    """The files and the applied fix that commands of the pages name."""
    for name in ('dump.yaml', 'snapshot.yaml', 'new.yaml', 'cluster.yaml', 'new-crds.yaml'):
        shutil.copy(SOURCE / HEALTHY / 'cluster.yaml', place.work / name)
    shutil.copytree(SOURCE / 'docs' / 'examples' / 'deploy', place.work / 'deploy')
    (place.work / 'clusters.txt').write_text('test\n')
    for name in ('error.log', 'answer.txt'):
        shutil.copy(SOURCE / 'docs' / 'examples' / 'answers' / 'unknown-model.txt', place.work / name)
    for name in ('old.json', 'before.json', 'known.json'):
        place.run(f'aibrixctl doctor -o json > {name}', BROKEN)
    place.run('aibrixctl fix webhooks -o json > plan.json', BROKEN)
    place.run('aibrixctl fix referencegrants -n batch --apply --yes --wait 1s', WITH_RUN)


def tried_out(place, command):
    """What was proved of a command, and what is wrong with it."""
    files = '-f' in command or '--filename' in command
    if command[0] == 'endpoint' and 'test' in command and 'api-server' not in command:
        kind, dump, good = 'parsed', None, {3}
        command = [*command, '--server', 'http://127.0.0.1:1']
    elif command[0] in ('help', 'options', 'completion', 'version', 'config', 'rbac') or '--help' in command or \
            (command[0] == 'explain' and '--doctor' not in command) or (files and '--with-cluster' not in command):
        kind, dump, good = 'offline', None, {0, 1}
    else:
        kind, good = 'cluster', {0, 1}
        dump = WITH_RUN if command[0] == 'undo' else HEALTHY if '--wait' in command else BROKEN
    if '--apply' in command:
        good |= {5}
    if '--exit-code' in command:
        good |= {4}
    # There is one cluster, whose context is called test.
    command = ['test' if i and command[i - 1] == '--contexts' else word for i, word in enumerate(command)]
    # Nobody waits here for what the page waits for.
    command = ['1s' if i and command[i - 1] == '--wait' else word for i, word in enumerate(command)]
    given = 'answer.txt' if command[0] == 'explain' else 'deploy/phi-4.yaml'
    stdin = (place.work / given).read_text() if '-' in command else None
    if '--contexts-file' in command:
        stdin = 'test\n'
    ends = ['timeout', '--foreground', '--preserve-status', '-s', 'INT', '5'] if '--watch' in command else []
    try:
        code, output = place.run(shlex.join([*ends, 'aibrixctl', *command]), dump, stdin=stdin, timeout=300)
    except subprocess.TimeoutExpired as late:
        return kind, str(late)
    return kind, '' if code in good else f'exit code {code}, expected one of {sorted(good)}\n{output}'


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
