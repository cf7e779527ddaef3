import { createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { projectPath } from '#project';
import { startTestModelServer } from '../../../../test/support/stack.js';
import { eventually } from '../../../../test/support/eventually.js';
import { COMMANDS } from '../commands.js';
import { runProgram } from '../frame/run-program.js';

async function run(...args: string[]): Promise<[exitCode: number, stdout: string, stderr: string]> {
  const texts = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof texts) => ({
    write: (text: string, written?: () => void) => {
      texts[name] += text;
      written?.();
    },
  });
  const exitCode = await runProgram(COMMANDS, ['inspect', ...args], {
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    env: {},
    version: '0',
    signal: new AbortController().signal,
  });
  return [exitCode, texts.stdout, texts.stderr];
}

describe('imgserve inspect', () => {
  it('prints what a model takes and answers', async () => {
    const [exitCode, stdout, stderr] = await run(projectPath('models', 'clothing-model'));
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const line of [
      /^SavedModel .*clothing-model\/1 \(version 1\)$/m,
      /77 variables of 2,290,069 numbers · TensorFlow 2\.\d+/,
      /^ {2}input +input_8 +DT_UINT8 +\[N, 299, 299, 3\]/m,
      /^ {2}output +dense_7 +DT_FLOAT +\[N, 10\] .*by BiasAdd$/m,
      /^beside it: model\.onnx, serving_uint8\.onnx$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  it('names the signature of a graph as the model server does', async () => {
    const [, stdout] = await run(projectPath('models', 'clothing-model', '1', 'model.onnx'));
    expect(stdout).toContain('signature serving_default');
  });

  it('ends with 3 where there is no model', async () => {
    const [exitCode, , stderr] = await run(projectPath('models'));
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^error: .*\nModels are in .*clothing-model/);
  });

  describe('asking a server', () => {
    let server: Awaited<ReturnType<typeof startTestModelServer>>;

    beforeAll(async () => {
      server = await startTestModelServer();
      await eventually(
        () => run(address()),
        ([, stdout]) => stdout.includes('AVAILABLE'),
      );
    });

    afterAll(() => server.close());

    const address = (rest = 'clothing-model'): string => `grpc://127.0.0.1:${server.port}/${rest}`;

    it.each(['clothing-model', 'clothing-model/1'])('prints what it serves: %s', async (rest) => {
      const [exitCode, stdout] = await run(address(rest), '--json');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        format: 'grpc',
        model: 'clothing-model',
        version: '1',
        versions: [{ version: '1', state: 'AVAILABLE' }],
        signatures: {
          serving_default: {
            inputs: { input_8: { dtype: 'DT_FLOAT', shape: [-1, 299, 299, 3] } },
            outputs: { dense_7: { dtype: 'DT_FLOAT', shape: [-1, 10] } },
          },
        },
      });
    });

    it.each([
      [
        'another model',
        'nothing',
        /has no such model.*Could not find any versions of model nothing/,
      ],
      ['another version', 'clothing-model/7', /no such model or version.*version 7/],
    ])('ends with 4 and its words for %s', async (_name, rest, words) => {
      const [exitCode, , stderr] = await run(address(rest));
      expect(exitCode).toBe(4);
      expect(stderr).toMatch(words);
    });
  });

  it('says so where nobody listens', async () => {
    const [exitCode, , stderr] = await run('grpc://127.0.0.1:1/clothing-model');
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/127\.0\.0\.1:1 does not answer for clothing-model.*gRPC port/s);
  });

  it('gives up on a server that says nothing', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket));
    await once(mute.listen(0, '127.0.0.1'), 'listening');
    const { port } = mute.address() as AddressInfo;
    const [exitCode, , stderr] = await run(`grpc://127.0.0.1:${port}/m`, '--timeout', '0.3');
    for (const socket of sockets) socket.destroy();
    mute.close();
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/did not answer in time.*--timeout/s);
  });

  it.each([
    'grpc://host',
    'grpc://host:8500',
    'grpc://host:8500/m/one',
    'grpc://host:99999/m',
    'grpc://user@host/m',
    'grpc://host/m?x',
  ])('refuses the address %s with an example', async (address) => {
    const [exitCode, , stderr] = await run(address);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('grpc://localhost:8500/clothing-model');
  });

  it('refuses a timeout that is none', async () => {
    expect(await run('grpc://host/m', '--timeout', 'soon')).toEqual([
      2,
      '',
      expect.stringContaining('Expected seconds'),
    ]);
  });
});
