import { execFile, spawnSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from './objects.js';

/** Why nothing can be built here, as an ending of a test's name; empty where it can. */
export function kustomizeMissing(): string {
  const { status } = spawnSync('kubectl', ['kustomize', '--help'], { stdio: 'ignore' });
  return status === 0 ? '' : ' (skipped: kubectl is not installed)';
}

/**
 * What `kubectl kustomize FOLDER` makes.
 *
 * @throws with Kustomize's own message where the build fails.
 */
export async function buildKustomization(folder: string): Promise<KubernetesObject[]> {
  const text = await new Promise<string>((done, failed) => {
    execFile(
      'kubectl',
      ['kustomize', folder],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error) failed(new Error(stderr.trim() || error.message));
        else done(stdout);
      },
    );
  });
  return parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
}
