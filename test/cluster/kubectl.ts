import { execFile } from 'node:child_process';

/** Longer than any command here waits by itself. */
const TIMEOUT_MS = 400_000;

/**
 * Runs kubectl on the cluster of KUBECONFIG.
 *
 * @returns what it printed
 * @throws Error with what it printed of the failure
 */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile('kubectl', args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`kubectl ${args.join(' ')}: ${stderr || error.message}`));
    });
    child.stdin?.end(input);
  });
}

export async function kubectlJson<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl([...args, '-o', 'json'])) as T;
}
