import { status } from '@grpc/grpc-js';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { eventually, runServer, type RunningServer } from '../../test-fixtures/running-server.js';
import { failureOf, floats } from '../../test-fixtures/serving-client.js';

let running: RunningServer;

beforeAll(async () => {
  const models = new ModelFolder();
  models.add('slow', 1, {
    'model.onnx': 'slow.onnx',
    'half.onnx': 'half_plus_two.onnx',
    'pair.onnx': 'sum_and_difference.onnx',
    'fixed.onnx': 'fixed_batch.onnx',
    'rows.onnx': 'rows_of_three.onnx',
    'text.onnx': 'identity_string.onnx',
  });
  running = await runServer(models, { MAX_BATCH_SIZE: 4 }, ['slow']);
});

afterAll(async () => {
  await running.stop();
});

/** Calls made while the model is busy, and the rows of the runs that answered them. */
async function behindSlowRun<Answer>(
  calls: () => Promise<Answer>[],
): Promise<{ settled: PromiseSettledResult<Answer>[]; runs: string[] }> {
  const slow = running.client.predict({
    modelSpec: { name: 'slow' },
    inputs: { x: floats([1, 1], [1]) },
  });
  running.runs.length = 0;
  await eventually(() => Promise.resolve(running.runs.length === 1));
  const settled = await Promise.allSettled(calls());
  await slow;
  const runs = running.runs.slice(1).map(({ signature, rows }) => `${signature} ${rows}`);
  return { settled, runs };
}

const spec = (signatureName: string) => ({ name: 'slow', signatureName });

/** `1 + values` rows of the half_plus_two signature. */
async function half(...values: number[]): Promise<number[]> {
  const { outputs } = await running.client.predict({
    modelSpec: spec('half'),
    inputs: {
      x: floats(
        [values.length, 3],
        values.flatMap((value) => [value, value, value]),
      ),
    },
  });
  return outputs!['y']!.floatVal!.filter((_value, index) => index % 3 === 0);
}

async function rows(...values: number[]): Promise<number[]> {
  const { outputs } = await running.client.predict({
    modelSpec: spec('rows'),
    inputs: { x: floats([values.length, 1], values) },
  });
  return outputs!['rows']!.floatVal!;
}

const fulfilled = (settled: PromiseSettledResult<unknown>[]) =>
  settled.map((result) => (result.status === 'fulfilled' ? result.value : result.status));

describe('requests that wait behind a run', () => {
  it('are joined, and each gets the rows it would get alone', async () => {
    const { settled, runs } = await behindSlowRun(() => [half(2), half(4, 6), half(8)]);
    expect(fulfilled(settled)).toEqual([[3], [4, 5], [6]]);
    expect(runs).toEqual(['half 4']);
  });

  it('are joined up to the largest batch', async () => {
    const { settled, runs } = await behindSlowRun(() => [1, 2, 3, 4, 5, 6].map((n) => half(2 * n)));
    expect(fulfilled(settled)).toEqual([[3], [4], [5], [6], [7], [8]]);
    expect(runs).toEqual(['half 4', 'half 2']);
  });

  it('are joined with an empty one too', async () => {
    const { settled, runs } = await behindSlowRun(() => [half(2), half(), half(4)]);
    expect(fulfilled(settled)).toEqual([[3], [], [4]]);
    expect(runs).toEqual(['half 2']);
  });

  it('are joined though they ask for different outputs', async () => {
    const pair = async (...outputFilter: string[]) => {
      const inputs = { a: floats([1, 2], [3, 4]), b: floats([1, 2], [1, 1]) };
      const { outputs } = await running.client.predict({
        modelSpec: spec('pair'),
        inputs,
        outputFilter,
      });
      return Object.entries(outputs!).map(([alias, { floatVal }]) => [alias, ...floatVal!]);
    };
    const { settled, runs } = await behindSlowRun(() => [pair('sum'), pair('difference')]);
    expect(fulfilled(settled)).toEqual([[['sum', 4, 5]], [['difference', 2, 3]]]);
    expect(runs).toEqual(['pair 2']);
  });

  it('are joined where they hold text', async () => {
    const text = async (value: string) => {
      const tensorShape = { dim: [{ size: 1 }] };
      const { outputs } = await running.client.predict({
        modelSpec: spec('text'),
        inputs: { text: { dtype: 'DT_STRING', tensorShape, stringVal: [Buffer.from(value)] } },
      });
      return Buffer.from(outputs!['same']!.stringVal![0]!).toString();
    };
    const { settled, runs } = await behindSlowRun(() => [text('a'), text('bc')]);
    expect(fulfilled(settled)).toEqual(['a', 'bc']);
    expect(runs).toEqual(['text 2']);
  });

  it('of different signatures stay apart', async () => {
    const { runs } = await behindSlowRun(() => [half(2), rows(1, 2, 3), half(4)]);
    expect(runs).toEqual(['half 2', 'rows 3']);
  });

  it('of a fixed batch stay apart', async () => {
    const fixed = () =>
      running.client.predict({
        modelSpec: spec('fixed'),
        inputs: { x: floats([4, 2], Array<number>(8).fill(1)) },
      });
    const { settled, runs } = await behindSlowRun(() => [fixed(), fixed()]);
    expect(settled.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled']);
    expect(runs).toEqual(['fixed 4', 'fixed 4']);
  });

  it('fail alone: one caller’s values do not fail another’s', async () => {
    const { settled } = await behindSlowRun(() => [rows(1, 2, 3), rows(4)]);
    expect(fulfilled(settled)).toEqual([[1, 2, 3], 'rejected']);
  });

  it('are run alone where the outputs have no row per input row', async () => {
    const { settled, runs } = await behindSlowRun(() => [rows(), rows(1, 2, 3)]);
    expect(fulfilled(settled)[1]).toEqual([1, 2, 3]);
    expect(runs).toContain('rows 3');
  });

  it('cost no run once their caller has cancelled', async () => {
    const { runs } = await behindSlowRun(() => {
      const { answer, cancel } = running.client.startPredict({
        modelSpec: spec('half'),
        inputs: { x: floats([1, 3], [0, 0, 0]) },
      });
      setTimeout(cancel, 20);
      return [failureOf(answer)];
    });
    expect(runs).toEqual([]);
  });

  it('cost no run once their deadline has passed', async () => {
    const { settled, runs } = await behindSlowRun(() => [
      failureOf(
        running.client.predict(
          { modelSpec: spec('half'), inputs: { x: floats([1, 3], [0, 0, 0]) } },
          { deadline: Date.now() + 30 },
        ),
      ),
    ]);
    expect(settled[0]).toMatchObject({ value: { code: status.DEADLINE_EXCEEDED } });
    expect(runs).toEqual([]);
  });

  it('are refused once too many rows wait', async () => {
    const outcomes: string[] = [];
    const { runs } = await behindSlowRun(() =>
      Array.from({ length: 130 }, async () => {
        const { code, details } = await failureOf(half(2)).catch(() => ({ code: 0, details: '' }));
        outcomes.push(`${code} ${details}`);
      }),
    );
    const full = `${status.RESOURCE_EXHAUSTED} The batch scheduling queue to which this task was submitted is full`;
    // 32 batches of 4 may wait.
    expect(outcomes.filter((outcome) => outcome === full)).toHaveLength(2);
    expect(runs).toEqual(Array<string>(32).fill('half 4'));
  });
});

describe('a request of more rows than a run takes', () => {
  it('is answered whole, by several runs', async () => {
    running.runs.length = 0;
    expect(await half(0, 2, 4, 6, 8, 10, 12, 14, 16)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(running.runs.map(({ rows }) => rows)).toEqual([4, 4, 1]);
  });

  it('is refused at once where it could never wait as a whole', async () => {
    const many = { ...floats([1_000_000, 3], []), tensorContent: Buffer.alloc(0), floatVal: [1] };
    expect(
      await failureOf(running.client.predict({ modelSpec: spec('half'), inputs: { x: many } })),
    ).toEqual({
      code: status.INVALID_ARGUMENT,
      details: 'Task size 1000000 is larger than maximum input batch size 128',
    });
    expect(await half(0, 2)).toEqual([2, 3]);
  });
});
