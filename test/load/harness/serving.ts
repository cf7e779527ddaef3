import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';
import { freePort, nextMessage, own, startModule, stop } from './children.js';
import type { Recorded, ServingSettings } from './serving-process.js';

export type InputDtype = ServingSettings['dtype'];

export const INPUT_DTYPES: readonly InputDtype[] = ['float', 'uint8'];

export interface Serving {
  readonly target: string;
  /** Said under the tables. */
  readonly name: string;
  stop(): Promise<void>;
}

export interface RecordingServing extends Serving {
  /** What has come so far. */
  recorded(): Promise<Recorded>;
}

/** Where the kit of peers leaves what it has built. */
const KIT_STUB = join(process.env['PEERS_WORK'] ?? '/tmp/peers-work', 'bin', 'stub');

/** A stand-in for TensorFlow Serving that answers at once: the kit's in Go where it is built, else one in Node. */
export async function startServing(dtype: InputDtype = 'float', latencyMs = 0): Promise<Serving> {
  if (!existsSync(KIT_STUB)) return startNodeServing({ dtype, latencyMs });
  const port = await freePort();
  const target = `127.0.0.1:${port}`;
  const child = own(
    spawn(KIT_STUB, {
      env: { STUB_ADDRESS: target, STUB_LATENCY_MS: String(latencyMs), SIGNATURE_DTYPE: dtype },
      stdio: 'ignore',
    }),
  );
  await eventually(() => listens(port), Boolean);
  return { target, name: 'the kit’s stub in Go', stop: () => stop(child) };
}

/** One that takes the SHA-256 of every image's tensor and holds it against what was expected. */
export async function startRecordingServing(
  dtype: InputDtype,
  expected: readonly string[],
): Promise<RecordingServing> {
  return startNodeServing({ dtype, latencyMs: 0, expected });
}

async function startNodeServing(settings: ServingSettings): Promise<RecordingServing> {
  const child: ChildProcess = startModule('serving-process', settings);
  const port = await nextMessage<number>(child);
  return {
    target: `127.0.0.1:${port}`,
    name: 'a stub in Node',
    recorded: () => {
      child.send('report');
      return nextMessage<Recorded>(child);
    },
    stop: () => stop(child),
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
