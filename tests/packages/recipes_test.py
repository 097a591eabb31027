#!/usr/bin/env python3
"""The recipes of deploy/, action.yml, templates/ and .pre-commit-hooks.yaml, run as far as that can be without those who run
them: recipes_test.py AIBRIXCTL SOURCE DIST.
"""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import unittest
import urllib.request

import yaml
from support import Test, run, version_of

PROGRAM, SOURCE, DIST = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
VERSION = version_of(SOURCE)
RIGHT, WRONG = SOURCE / 'examples/healthy-cluster', SOURCE / 'examples/broken-cluster'


class Action(Test):
    """The steps of the composite action, with what a runner gives them."""

    def act(self, **inputs):
        action = yaml.safe_load((SOURCE / 'action.yml').read_text())
        values = {name: str(i.get('default', '')) for name, i in action['inputs'].items()}
        unknown = set(inputs) - set(values)
        self.assertEqual(unknown, set())
        values.update(inputs)
        files = {name: self.folder / name for name in ('GITHUB_PATH', 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY')}
        for file in files.values():
            file.touch()
        path, ended = os.environ['PATH'], None
        for step in action['runs']['steps']:
            if step.get('if') == "inputs.version != 'none'" and values['version'] == 'none':
                continue
            env = {'HOME': str(self.folder), 'RUNNER_TEMP': str(self.folder / 'temp'), 'GITHUB_ACTIONS': 'true', 'CI': 'true',
                   'PATH': ':'.join(files['GITHUB_PATH'].read_text().split() + [path]), **{n: str(f) for n, f in files.items()}}
            for name, text in step['env'].items():
                def fill(match):
                    expression = match[1].strip()
                    known = re.fullmatch(r'inputs\.([\w-]+)', expression)
                    if known:
                        return values[known[1]]
                    if expression.startswith('inputs.from ||'):
                        return values['from'] or 'https://example.org'
                    self.assertEqual(expression, 'github.action_path')
                    return str(SOURCE)
                env[name] = re.sub(r'\$\{\{(.*?)\}\}', fill, text)
            ended = run('bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step['run'], env=env, cwd=self.folder)
            if ended.returncode != 0:
                break
        return ended, files['GITHUB_OUTPUT'].read_text(), files['GITHUB_STEP_SUMMARY'].read_text()

    def test_it_installs_the_program_and_passes_right_manifests(self):
        ended, output, _ = self.act(**{'from': str(DIST), 'path': str(RIGHT)})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn('exit-code=0', output)

    def test_it_annotates_wrong_ones_and_fails(self):
        sarif = self.folder / 'a.sarif'
        ended, output, summary = self.act(**{'from': str(DIST), 'path': f'{WRONG}\n{SOURCE}/docs/examples/deploy\n', 'sarif': str(sarif)})
        self.assertEqual(ended.returncode, 1, ended.stderr)
        self.assertIn('::error', ended.stdout)
        self.assertIn('exit-code=1', output)
        self.assertIn('REF001', summary)
        self.assertEqual(json.loads(sarif.read_text())['version'], '2.1.0')

    def test_more_flags_are_words_and_run_nothing(self):
        ended, _, _ = self.act(**{'from': str(DIST), 'path': str(WRONG), 'args': f"--skip 'INS*,FIN*,REF*' --ignore '*=x/$(touch {self.folder}/ran)/y'"})
        self.assertNotIn('REF001', ended.stdout)
        self.assertIn(ended.returncode, (0, 1), ended.stderr)
        self.assertFalse((self.folder / 'ran').exists())

    def test_the_version_is_ours(self):
        self.assertEqual(yaml.safe_load((SOURCE / 'action.yml').read_text())['inputs']['version']['default'], VERSION)


class GitLab(Test):
    def test_the_component_installs_judges_and_leaves_its_reports(self):
        spec, job = yaml.safe_load_all((SOURCE / 'templates/aibrixctl.yml').read_text())
        values = {name: str(i.get('default', '')) for name, i in spec['spec']['inputs'].items()}
        self.assertEqual(values['package'], f'aibrixctl=={VERSION}')
        self.succeeds(sys.executable, '-m', 'venv', self.folder / 'venv')
        env = {'PATH': f'{self.folder}/venv/bin:{os.environ["PATH"]}', 'HOME': str(self.folder), 'CI': 'true', 'PIP_NO_INDEX': '1',
               'PIP_FIND_LINKS': str(DIST)}
        for path, code in ((RIGHT, 0), (WRONG, 1)):
            values['path'] = str(path)
            script = '\n'.join(re.sub(r'\$\[\[ inputs\.(\w+) \]\]', lambda m: values[m[1]], line) for line in job['aibrixctl']['script'])
            ended = run('bash', '-ec', script, env=env, cwd=self.folder)
            self.assertEqual(ended.returncode, code, ended.stderr)
            reports = job['aibrixctl']['artifacts']
            for name in reports['paths'] + list(reports['reports'].values()):
                self.assertTrue((self.folder / name).stat().st_size > 0, name)
        self.assertIn('REF001', (self.folder / reports['reports']['codequality']).read_text())


class PreCommit(Test):
    def test_the_hook_passes_right_manifests_and_stops_wrong_ones(self):
        pip = self.folder / 'venv/bin/pip'
        self.succeeds(sys.executable, '-m', 'venv', self.folder / 'venv')
        if run(pip, 'install', '--quiet', 'pre-commit==4.3.0').returncode != 0:
            if os.environ.get('CI') == 'true':
                self.fail('pre-commit could not be had')
            self.skipTest('pre-commit could not be had')
        self.succeeds(pip, 'install', '--quiet', '--no-index', '--find-links', DIST, 'aibrixctl')
        env = {'PATH': f'{self.folder}/venv/bin:{os.environ["PATH"]}', 'HOME': str(self.folder), 'GIT_AUTHOR_NAME': 'a', 'GIT_AUTHOR_EMAIL': 'a@example.org',
               'GIT_COMMITTER_NAME': 'a', 'GIT_COMMITTER_EMAIL': 'a@example.org', 'GIT_CONFIG_GLOBAL': '/dev/null'}
        hooks, repository = self.folder / 'hooks', self.folder / 'repository'
        hooks.mkdir()
        shutil.copy(SOURCE / '.pre-commit-hooks.yaml', hooks)
        for folder in (hooks, repository):
            folder.mkdir(exist_ok=True)
            self.succeeds('git', 'init', '-q', folder, env=env)
        self.succeeds('git', '-C', hooks, 'add', '-A', env=env)
        self.succeeds('git', '-C', hooks, 'commit', '-qm', 'hooks', env=env)
        revision = self.succeeds('git', '-C', hooks, 'rev-parse', 'HEAD', env=env).strip()
        config = {'repos': [{'repo': str(hooks), 'rev': revision, 'hooks': [{'id': 'aibrixctl'}]}]}
        (repository / '.pre-commit-config.yaml').write_text(yaml.safe_dump(config))
        for example, code in ((RIGHT, 0), (WRONG, 1)):
            shutil.copy(example / 'cluster.yaml', repository)
            self.succeeds('git', '-C', repository, 'add', '-A', env=env)
            ended = run(self.folder / 'venv/bin/pre-commit', 'run', '--all-files', env=env, cwd=repository)
            self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        self.assertIn('REF001', ended.stdout)


class Cluster(Test):
    def printed(self, *words):
        return list(yaml.safe_load_all(self.succeeds(PROGRAM, 'rbac', 'print', *words)))

    def test_the_rights_are_those_that_the_program_prints(self):
        self.assertEqual(list(yaml.safe_load_all((SOURCE / 'deploy/base/rbac.yaml').read_text())),
                         self.printed('doctor', '--for', 'sa:aibrixctl:aibrixctl', '--with-logs'))
        self.assertEqual(list(yaml.safe_load_all((SOURCE / 'deploy/argocd/rbac.yaml').read_text()))[1:],
                         self.printed('doctor', '--for', 'sa:aibrixctl:aibrixctl-argocd', '--with-logs', '--name', 'aibrixctl-argocd'))

    def cron_job(self):
        return next(o for o in yaml.safe_load_all((SOURCE / 'deploy/base/cronjob.yaml').read_text()) if o['kind'] == 'CronJob')

    def test_a_run_never_meets_the_next_and_is_tried_again_once(self):
        spec = self.cron_job()['spec']
        minutes = int(re.fullmatch(r'\*/(\d+) \* \* \* \*', spec['schedule'])[1])
        job = spec['jobTemplate']['spec']
        self.assertLess(job['activeDeadlineSeconds'], minutes * 60)
        self.assertEqual((job['backoffLimit'], spec['concurrencyPolicy']), (1, 'Forbid'))

    def arguments(self, reports):
        doctor = self.cron_job()['spec']['jobTemplate']['spec']['template']['spec']['initContainers'][0]
        return [a.replace('/reports', str(reports)) for a in doctor['args']]

    def test_findings_end_its_job_well_and_are_in_the_reports(self):
        self.succeeds(PROGRAM, *self.arguments(self.folder), '-f', WRONG)
        metrics = (self.folder / 'aibrixctl.prom').read_text()
        self.assertIn('aibrixctl_findings{level="error"} 2', metrics)
        report = yaml.safe_load((self.folder / 'policyreport.yaml').read_text())
        self.assertEqual((report['kind'], report['summary']['fail']), ('ClusterPolicyReport', 2))

    def test_an_api_server_that_is_not_there_fails_it(self):
        arguments = [a.replace('--timeout=5m', '--timeout=5s') for a in self.arguments(self.folder)]
        ended = run(PROGRAM, *arguments, '--server', 'https://127.0.0.1:9')
        self.assertEqual(ended.returncode, 3, ended.stderr)

    def test_every_pod_runs_with_the_least_that_a_restricted_namespace_permits(self):
        for path in sorted(SOURCE.glob('deploy/**/*.yaml')):
            if path.parent.name == 'helm':
                continue
            for document in yaml.safe_load_all(path.read_text()):
                for spec in pod_specs(document):
                    for container in spec.get('initContainers', []) + spec.get('containers', []):
                        with self.subTest(f'{path.name} {container["name"]}'):
                            security = container['securityContext']
                            self.assertIs(security['allowPrivilegeEscalation'], False)
                            self.assertIs(security['readOnlyRootFilesystem'], True)
                            self.assertEqual(security['capabilities'], {'drop': ['ALL']})
                            self.assertIn('memory', container['resources']['limits'])

    def test_the_versions_are_ours(self):
        for path in sorted(SOURCE.glob('deploy/**/*')):
            if path.is_file():
                for version in re.findall(r'aibrixctl:([0-9][^"\s]*)|newName: aibrixctl, newTag: ([^}]*)', path.read_text()):
                    self.assertIn(VERSION, version, path)

    def test_the_alerts_are_told_when_they_are_to_be(self):
        if not shutil.which('promtool'):
            self.skipTest('promtool is missing')
        self.succeeds('promtool', 'check', 'rules', SOURCE / 'deploy/prometheus/alerts.yaml')
        self.succeeds('promtool', 'test', 'rules', 'alerts_test.yaml', cwd=SOURCE / 'deploy/prometheus')

    def test_alerts_and_dashboard_ask_for_metrics_that_there_are(self):
        self.succeeds(PROGRAM, *self.arguments(self.folder), '-f', WRONG)
        there = set(re.findall(r'^# TYPE (\w+)', (self.folder / 'aibrixctl.prom').read_text(), re.MULTILINE))
        dashboard = json.loads((SOURCE / 'deploy/grafana/aibrixctl.json').read_text())
        asked = [t['expr'] for panel in dashboard['panels'] for t in panel['targets']]
        asked += [r['expr'] for g in yaml.safe_load((SOURCE / 'deploy/prometheus/alerts.yaml').read_text())['groups'] for r in g['rules']]
        for expression in asked:
            names = set(re.findall(r'\baibrixctl_\w+', expression))
            self.assertTrue(names, expression)
            self.assertLessEqual(names, there, expression)
        self.assertEqual(len({p['id'] for p in dashboard['panels']}), len(dashboard['panels']))

    def test_prometheus_understands_what_the_dashboard_asks_for(self):
        if not shutil.which('promtool'):
            self.skipTest('promtool is missing')
        dashboard = json.loads((SOURCE / 'deploy/grafana/aibrixctl.json').read_text())
        queries = [t['expr'].replace('$job', '.*') for panel in dashboard['panels'] for t in panel['targets']]
        rules = self.folder / 'rules.yaml'
        rules.write_text(json.dumps({'groups': [{'name': 'panels', 'rules': [{'record': f'panel:{i}', 'expr': q} for i, q in enumerate(queries)]}]}))
        self.succeeds('promtool', 'check', 'rules', rules)

    def test_prometheus_reads_the_metrics(self):
        if not shutil.which('promtool'):
            self.skipTest('promtool is missing')
        self.succeeds(PROGRAM, *self.arguments(self.folder), '-f', WRONG)
        ended = run('promtool', 'check', 'metrics', input=(self.folder / 'aibrixctl.prom').read_text())
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)

    @unittest.skipUnless(shutil.which('prometheus-pushgateway'), 'prometheus-pushgateway is missing')
    def test_a_pushgateway_takes_the_metrics_and_forgets_those_of_the_run_before(self):
        overlay = next(yaml.safe_load_all((SOURCE / 'deploy/pushgateway/add-curl.yaml').read_text()))
        push = overlay['spec']['jobTemplate']['spec']['template']['spec']['containers'][0]
        gateway = Pushgateway(self)
        for example, errors in ((WRONG, 2), (RIGHT, 0)):
            self.succeeds(PROGRAM, *self.arguments(self.folder), '-f', example)
            words = [w.replace('/reports', str(self.folder)).replace('pushgateway.monitoring.svc:9091', gateway.address)
                     for w in push['command'] + push['args']]
            self.succeeds(*words)
            scraped = gateway.metrics()
            self.assertIn(f'aibrixctl_findings{{instance="",job="aibrixctl",level="error"}} {errors}\n', scraped)
            self.assertEqual('REF001' in scraped, errors != 0)


class Pushgateway:
    """One on the loopback, for as long as the test runs."""

    def __init__(self, test):
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            self.address = '127.0.0.1:%d' % probe.getsockname()[1]
        process = subprocess.Popen(['prometheus-pushgateway', f'--web.listen-address={self.address}'], stderr=subprocess.DEVNULL)
        test.addCleanup(process.wait)
        test.addCleanup(process.terminate)
        deadline = time.monotonic() + 30
        while True:
            try:
                self.metrics()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def metrics(self):
        with urllib.request.urlopen(f'http://{self.address}/metrics') as answer:
            return answer.read().decode()


@unittest.skipUnless(shutil.which('helm'), 'helm is missing')
class Helm(Test):
    """The test template in a chart of two models' values."""

    def chart(self, values):
        chart = self.folder / 'chart'
        (chart / 'templates/tests').mkdir(parents=True)
        (chart / 'Chart.yaml').write_text('apiVersion: v2\nname: models\nversion: 1.0.0\nicon: https://example.org/a.png\n')
        (chart / 'values.yaml').write_text(values)
        shutil.copy(SOURCE / 'deploy/helm/aibrixctl-test.yaml', chart / 'templates/tests')
        return chart

    def pod_of(self, values):
        chart = self.chart(values)
        self.succeeds('helm', 'lint', '--strict', chart)
        (pod,) = yaml.safe_load_all(self.succeeds('helm', 'template', 'shop', chart, '--namespace', 'batch'))
        return pod

    def test_it_asks_for_the_namespace_of_the_release(self):
        pod = self.pod_of('')
        container = pod['spec']['containers'][0]
        self.assertEqual((pod['metadata']['name'], pod['metadata']['namespace']), ('shop-aibrixctl', 'batch'))
        self.assertEqual(pod['metadata']['annotations']['helm.sh/hook'], 'test')
        self.assertEqual((pod['spec']['serviceAccountName'], container['image']), ('aibrixctl', f'aibrixctl:{VERSION}'))
        self.assertIn('--namespace=batch', container['args'])
        words = [w for w in container['args'] if not w.startswith('--wait')]
        self.assertEqual(run(PROGRAM, *words, '-f', WRONG).returncode, 1)

    def test_image_and_account_are_values(self):
        pod = self.pod_of('aibrixctl: {image: "mirror.example/aibrixctl:9", serviceAccount: reader}\n')
        self.assertEqual(pod['spec']['serviceAccountName'], 'reader')
        self.assertEqual(pod['spec']['containers'][0]['image'], 'mirror.example/aibrixctl:9')


def pod_specs(value):
    if isinstance(value, dict):
        if isinstance(value.get('containers'), list):
            yield value
        for member in value.values():
            yield from pod_specs(member)
    elif isinstance(value, list):
        for member in value:
            yield from pod_specs(member)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
