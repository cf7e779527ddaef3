import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/eventually.js';
import { killAll, start, urlOf, type Run } from '../support/gateway-process.js';
import { gradientPng } from '../support/images.js';

/** Preloaded into a process: tells at its end whether OpenTelemetry was set up in it. */
const TELL = encodeURIComponent(
  "process.once('exit', () => console.log('set up:', Symbol.for('opentelemetry.js.api.1') in globalThis))",
);
const TELLING = `--import=data:text/javascript,${TELL}`;

let receiver: Server;
let bodies: string[];
let status: number;

beforeEach(async () => {
  bodies = [];
  status = 200;
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(status).end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});

afterEach(async () => {
  await killAll();
  receiver.close();
});

const endpoint = (): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;

async function predict(url: string): Promise<number> {
  const body = await gradientPng();
  const headers = { 'content-type': 'image/png' };
  const response = await fetch(`${url}predict`, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response.status;
}

async function stop(run: Run): Promise<string> {
  run.process.kill('SIGTERM');
  expect(await run.exited).toBe(0);
  return run.output();
}

// What the spans hold is checked against OpenTelemetry's own protos in traces.py.
describe('traces', () => {
  it('need nothing of OpenTelemetry where there is no receiver', async () => {
    for (const [environment, isSetUp] of [
      [{}, false],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(), OTEL_SDK_DISABLED: 'true' }, false],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(), OTEL_TRACES_EXPORTER: 'none' }, false],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint() }, true],
    ] as const) {
      const run = start({ SHUTDOWN_DELAY_MS: '0', NODE_OPTIONS: TELLING, ...environment });
      await urlOf(run);
      // The gateway's line, and its model server's.
      expect((await stop(run)).match(/set up: \w+/g)).toEqual(Array(2).fill(`set up: ${isSetUp}`));
    }
  });

  it('are sent before the process ends, however short it lived', async () => {
    const run = start({ SHUTDOWN_DELAY_MS: '0', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint() });
    expect(await predict(await urlOf(run))).toBe(200);
    await stop(run);
    for (const name of ['POST /predict', 'infer', 'tensorflow.serving.PredictionService/Predict']) {
      expect(bodies.join()).toContain(name);
    }
  });

  it('that cannot be sent cost no request, and one line for as long as that lasts', async () => {
    status = 400;
    const run = start({
      SHUTDOWN_DELAY_MS: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(),
      OTEL_BSP_SCHEDULE_DELAY: '20',
    });
    const url = await urlOf(run);
    const sent = async (count: number): Promise<void> => {
      while (bodies.filter((body) => body.includes('POST /predict')).length < count) {
        expect(await predict(url)).toBe(200);
      }
    };
    const told = (words: string) => run.output().split(words).length - 1;
    await sent(3);
    // The model server has a line of its own, like the gateway.
    await eventually(
      () => Promise.resolve(told('spans cannot be exported')),
      (lines) => lines === 2,
    );
    await sent(6);
    expect(told('spans cannot be exported')).toBe(2);

    status = 200;
    await sent(8);
    await eventually(
      () => Promise.resolve(told('spans are exported again')),
      (lines) => lines > 0,
    );
    await stop(run);
    expect(told('spans cannot be exported')).toBe(2);
  });

  it('do not hold the end up where the receiver does not answer', async () => {
    receiver.removeAllListeners('request');
    const run = start({
      SHUTDOWN_DELAY_MS: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(),
      // How long the exporter itself would wait: longer than this test.
      OTEL_EXPORTER_OTLP_TIMEOUT: '3600000',
    });
    expect(await predict(await urlOf(run))).toBe(200);
    await stop(run);
    receiver.closeAllConnections();
  });

  it('are not made where the variables say so', async () => {
    const run = start({
      SHUTDOWN_DELAY_MS: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(),
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    expect(await predict(await urlOf(run))).toBe(200);
    await stop(run);
    expect(bodies).toEqual([]);
  });

  it('of a faulty setting stop the start, and no key of the receiver is shown', async () => {
    const run = start({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'hunter2',
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_TRACES_SAMPLER_ARG: '2',
    });
    expect(await run.exited).toBe(78);
    expect(run.output().match(/OTEL_\w+(?=: expected)/g)).toHaveLength(4);
    expect(run.output()).not.toContain('hunter2');
  });
});
