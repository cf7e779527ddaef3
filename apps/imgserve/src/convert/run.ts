import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { projectPath } from '#project';
import { MissingError, type Context } from '../frame/index.js';
import {
  PythonError,
  pythonEnvironment,
  runScript,
  runTalking,
  scriptPath,
  type ScriptEvent,
} from '../python/index.js';
import type { Plan } from './plan.js';

type Events = AsyncGenerator<ScriptEvent, void, undefined>;

/** On this machine, in the user's Python or one that is made for it. */
export async function* inPython(
  plan: Plan,
  python: string | undefined,
  { progress, signal }: Context,
): Events {
  const requirements = scriptPath('requirements.txt');
  const tell = (line: string): void => {
    progress.tell(line);
  };
  const interpreter = await pythonEnvironment({
    requirements,
    python,
    progress: tell,
    signal,
  }).catch((error: unknown) => {
    if (!(error instanceof PythonError)) throw error;
    const hint = '--docker does without Python.';
    throw new MissingError(error.message, { hint, cause: error });
  });
  yield* runScript(interpreter, scriptPath('convert.py'), plan, signal);
}

/** In a container of the image that deploy/docker makes, which sees nothing but the files it needs. */
export async function* inContainer(
  plan: Plan,
  _python: string | undefined,
  { progress, signal }: Context,
): Events {
  progress.tell('building the image, once');
  const image = await built(signal);
  const folder = dirname(plan.target);
  // Else Docker makes it, as root's.
  await mkdir(folder, { recursive: true });
  const within = {
    source: `/source/${basename(plan.source)}`,
    target: `/models/${basename(folder)}/${basename(plan.target)}`,
    images: plan.images && '/images',
  };
  const mounts = [
    [plan.source, `${within.source}:ro`],
    [folder, dirname(within.target)],
    ...(plan.images === undefined ? [] : [[plan.images, '/images:ro']]),
  ].flatMap(([host, inside]) => ['--volume', `${host}:${inside}`]);
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const args = ['run', '--rm', '--interactive', '--network', 'none', '--user', user];
  yield* runTalking('docker', [...args, ...mounts, image], { ...plan, ...within }, signal);
}

async function built(signal: AbortSignal): Promise<string> {
  const dockerfile = projectPath('deploy', 'docker', 'keras-model.dockerfile');
  const args = ['build', '--quiet', '--target', 'converter', '--file', dockerfile, projectPath()];
  try {
    const { stdout } = await promisify(execFile)('docker', args, { signal, env: process.env });
    return stdout.trim();
  } catch (cause) {
    signal.throwIfAborted();
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new MissingError(`The image cannot be built: ${stderr || message}`, { cause });
  }
}
