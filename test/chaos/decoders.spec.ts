import sharp from 'sharp';
import { decodersOf } from '../../libs/preprocessing/test/decoders.js';
import { eventually } from '../support/eventually.js';
import { killAll, start, urlOf, type Run } from '../support/gateway-process.js';
import { gradientPng } from '../support/images.js';
import { startTestGateway, startTestModelServer, type Stack } from '../support/stack.js';
import { predict, tally, type Answered } from './asking.js';

type ModelServer = Awaited<ReturnType<typeof startTestModelServer>>;

let server: ModelServer;
let gateway: Stack;
let webp: Buffer<ArrayBuffer>;

beforeAll(async () => {
  webp = Buffer.from(
    await sharp(await gradientPng())
      .webp()
      .toBuffer(),
  );
  server = await startTestModelServer();
  // Far beyond what twenty predictions take at once.
  const started = await startTestGateway(server.port, { PREDICT_TIMEOUT_MS: '10000' });
  await started.ready;
  gateway = started;
});

afterAll(async () => {
  await gateway.close();
  await server.close();
  await killAll();
});

/** Asks about a picture that only libvips decodes. */
async function predictWebp(url = gateway.url): Promise<Answered> {
  const response = await fetch(new URL('/predict', url), {
    method: 'POST',
    headers: { 'content-type': 'image/webp' },
    body: webp,
  });
  const text = await response.text();
  const code = /"code":"(\w+)"/.exec(text)?.[1] ?? '';
  return { status: response.status, code, retryAfter: null, text };
}

/** The one process that decodes, after a picture has started it. */
async function decoder(): Promise<number> {
  expect(await predictWebp()).toMatchObject({ status: 200 });
  return decodersOf(process.pid)[0]!;
}

describe('a decoder', () => {
  it('that a picture brings down takes that request alone', async () => {
    const pid = await decoder();
    // Its picture is in work for as long as it takes to break it.
    process.kill(pid, 'SIGSTOP');
    const broken = predictWebp();
    const others = Array.from({ length: 20 }, () => predict(gateway.url));
    expect(tally(await Promise.all(others))).toEqual({ '200': 20 });
    process.kill(pid, 'SIGSEGV');
    process.kill(pid, 'SIGCONT');
    expect(await broken).toMatchObject({ status: 422, code: 'IMAGE_UNDECODABLE' });
    expect(await predictWebp()).toMatchObject({ status: 200 });
    const metrics = await (await fetch(gateway.metricsUrl)).text();
    expect(metrics).toMatch(/^gateway_decoder_crashes_total\{signal="SIGSEGV"\} 1$/m);
  });

  it('that hangs is ended with its deadline, and the next picture gets another', async () => {
    const pid = await decoder();
    process.kill(pid, 'SIGSTOP');
    expect(await predictWebp()).toMatchObject({ status: 504, code: 'DEADLINE_EXCEEDED' });
    expect(await predictWebp()).toMatchObject({ status: 200 });
    expect(decodersOf(process.pid)).not.toContain(pid);
  });

  it('ends with its gateway, however that ends', async () => {
    const run: Run = start({ TF_SERVING_HOST: `127.0.0.1:${server.port}` });
    expect(await predictWebp(await urlOf(run))).toMatchObject({ status: 200 });
    const [pid] = decodersOf(run.process.pid!);
    run.process.kill('SIGKILL');
    await eventually(
      () => Promise.resolve(isRunning(pid!)),
      (running) => !running,
    );
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
