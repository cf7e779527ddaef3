import { spawn, type ChildProcess } from 'node:child_process';
import type { Environment } from '#config';
import { projectPath } from '#project';
import { eventually } from './eventually.js';

const MAIN = projectPath('dist', 'apps', 'gateway', 'src', 'main.js');
const READY = /ready: open (http:\/\/localhost:\d+\/)/;

export interface Run {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

const running: Run[] = [];

/** `npm start`, less npm: the built gateway as a process of its own, on free ports. */
export function start(environment: Environment = {}): Run {
  return launch(process.execPath, ['--v8-pool-size=1', MAIN], environment);
}

export function launch(command: string, args: string[], environment: Environment): Run {
  const child = spawn(command, args, {
    cwd: projectPath(),
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      METRICS_PORT: '0',
      GRPC_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const run = { process: child, output: () => output, exited };
  running.push(run);
  return run;
}

/** Where it listens, once it is ready; it may also have ended by then. */
export async function urlOf(run: Run): Promise<string> {
  const output = await eventually(
    () => Promise.resolve(run.output()),
    (text) => READY.test(text) || run.process.exitCode !== null,
  );
  return READY.exec(output)![1]!;
}

/** Ends what a test has left running. */
export async function killAll(): Promise<void> {
  for (const { process: child, exited } of running.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
}
