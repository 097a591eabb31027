#!/usr/bin/env python3
"""`helm test` of deploy/helm on a real API server: tests/cluster/up -- tests/packages/helm_test.py AIBRIXCTL SOURCE KUBECTL.

Its Pod is played here, for want of a kubelet: the container's command is run with the token of the Pod's ServiceAccount, and how
it ends becomes the Pod's phase.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

import yaml
from support import Test, run

PROGRAM, SOURCE, KUBECTL = (pathlib.Path(p).resolve() for p in sys.argv[1:4])


class HelmTest(Test):
    @classmethod
    def setUpClass(cls):
        loaded = run(SOURCE / 'tests/cluster/load', SOURCE / 'examples/broken-cluster/cluster.yaml')
        assert loaded.returncode == 0, loaded.stderr

    def chart(self, namespace):
        templates = self.folder / 'chart/templates'
        (templates / 'tests').mkdir(parents=True)
        (self.folder / 'chart/Chart.yaml').write_text('apiVersion: v2\nname: models\nversion: 1.0.0\n')
        account = f'apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: aibrixctl, namespace: {namespace}}}\n---\n'
        rights = self.succeeds(PROGRAM, 'rbac', 'print', 'doctor', '-n', namespace, '--for', f'sa:{namespace}:aibrixctl', '--name',
                               f'aibrixctl-{namespace}')
        (templates / 'rbac.yaml').write_text(account + rights)
        shutil.copy(SOURCE / 'deploy/helm/aibrixctl-test.yaml', templates / 'tests')
        return self.folder / 'chart'

    def as_account(self, pod):
        """A kubeconfig with nothing but the token that the Pod would have."""
        namespace = pod['metadata']['namespace']
        config = yaml.safe_load(pathlib.Path(os.environ['KUBECONFIG']).read_text())
        token = self.succeeds(KUBECTL, 'create', 'token', pod['spec']['serviceAccountName'], '-n', namespace).strip()
        context = next(c for c in config['contexts'] if c['name'] == config['current-context'])
        context['context']['user'] = 'pod'
        config['users'] = [{'name': 'pod', 'user': {'token': token}}]
        config['contexts'] = [context]
        file = self.folder / 'pod.kubeconfig'
        file.write_text(json.dumps(config))
        return file

    def play(self, pod):
        arguments = [a.replace('--wait=5m', '--wait=3s') for a in pod['spec']['containers'][0]['args']]
        ended = run(PROGRAM, *arguments, env={**os.environ, 'KUBECONFIG': str(self.as_account(pod))})
        phase = 'Succeeded' if ended.returncode == 0 else 'Failed'
        self.succeeds(KUBECTL, 'patch', 'pod', pod['metadata']['name'], '-n', pod['metadata']['namespace'], '--subresource=status', '--type=merge',
                      '-p', json.dumps({'status': {'phase': phase}}))
        return ended

    def release(self, namespace):
        """How helm ended, and how the Pod's command did."""
        if run(KUBECTL, 'get', 'namespace', namespace).returncode != 0:
            self.succeeds(KUBECTL, 'create', 'namespace', namespace)
        self.succeeds('helm', 'install', 'shop', self.chart(namespace), '--namespace', namespace)
        helm = subprocess.Popen(['helm', 'test', 'shop', '--namespace', namespace, '--timeout', '2m'], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)
        self.addCleanup(helm.stdout.close)
        self.addCleanup(helm.wait)
        self.addCleanup(helm.kill)
        deadline = time.monotonic() + 60
        while (got := run(KUBECTL, 'get', 'pod', 'shop-aibrixctl', '-n', namespace, '-o', 'json')).returncode != 0:
            self.assertLess(time.monotonic(), deadline, got.stderr)
            time.sleep(0.2)
        ended = self.play(json.loads(got.stdout))
        told = helm.communicate(timeout=120)[0]
        return helm.returncode, told, ended

    def test_it_passes_where_nothing_is_at_error_level(self):
        code, told, ended = self.release('default')
        self.assertEqual((code, ended.returncode), (0, 0), told + ended.stdout + ended.stderr)
        self.assertRegex(told, r'Phase: +Succeeded')
        self.assertNotIn('forbidden', ended.stdout + ended.stderr)
        self.assertNotIn('shop-aibrixctl', self.succeeds(KUBECTL, 'get', 'pods', '-n', 'default', '-o', 'name'))

    def test_it_fails_where_something_is(self):
        code, told, ended = self.release('batch')
        self.assertEqual((code, ended.returncode), (1, 1), told + ended.stdout + ended.stderr)
        self.assertRegex(told, r'Phase: +Failed')
        self.assertNotIn('forbidden', ended.stdout + ended.stderr)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
