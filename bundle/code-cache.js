import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const PICTURE = 'models/clothing-model/samples/dress.jpg';

/** Some 3 s are enough. */
const PATIENCE_MS = 60_000;

/**
 * Leaves V8's code of both servers beside them: of all that a start and a prediction need. Without it
 * they start as well, only more slowly; so a machine where this fails can build all the same.
 *
 * @param {string} gateway its entry
 * @param {string} modelServer its entry
 */
export async function leaveCodeCaches(gateway, modelServer) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const origin = createServer((_request, response) => response.end(readFileSync(PICTURE)));
  const running = [];
  const record = (entry, environment) => {
    running.push(spawnRecorder(entry, environment));
    return running.at(-1);
  };
  try {
    await once(origin.listen(0, '127.0.0.1'), 'listening');
    const server = record(modelServer, { GRPC_PORT: '0' });
    const grpcPort = await hear(server, 'message', ({ port }) => port, signal);
    const front = record(gateway, {
      PORT: '0',
      METRICS_PORT: '0',
      TF_SERVING_HOST: `127.0.0.1:${grpcPort}`,
      IMAGE_FETCH_ALLOW: '127.0.0.1',
      SHUTDOWN_DELAY_MS: '0',
    });
    const url = await hear(
      front.stdout,
      'data',
      (text) => /open (http\S+)"/.exec(text)?.[1],
      signal,
    );
    await predict(`${url}predict`, `http://127.0.0.1:${origin.address().port}/`, signal);
    for (const child of [front, server]) {
      child.kill('SIGTERM');
      await once(child, 'exit', { signal });
    }
  } catch (error) {
    console.warn('Left no code for a quicker start:', error);
  } finally {
    origin.close();
    running.forEach((child) => child.kill('SIGKILL'));
  }
}

function spawnRecorder(entry, environment) {
  return spawn(process.execPath, [join(import.meta.dirname, 'record.js'), entry], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', LOG_FORMAT: 'json', ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** The first thing that `find` finds in what is told. */
async function hear(teller, event, find, signal) {
  for await (const [told] of on(teller, event, { signal, close: ['exit', 'close'] })) {
    const found = find(told);
    if (found !== undefined) return found;
  }
  throw new Error('a program ended before it was ready');
}

async function predict(url, link, signal) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: link }),
    signal,
  });
  if (!response.ok) throw new Error(`a prediction failed: ${await response.text()}`);
}
