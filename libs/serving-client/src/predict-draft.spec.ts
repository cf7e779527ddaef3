import type { PredictRequest } from '#protos';
import { startModelServer, type ModelServer } from '../test/model-server.js';
import { createServingClient, type ServingClient, type TemplateCall } from './index.js';

describe('a draft', () => {
  let server: ModelServer;
  let client: ServingClient;
  let received: PredictRequest[];
  const call = () => ({ deadline: new Date(Date.now() + 60_000) });

  beforeEach(async () => {
    received = [];
    server = await startModelServer({
      predict: ({ request }, callback) => {
        received.push(request);
        callback(null, { modelSpec: request.modelSpec, outputs: request.inputs });
      },
    });
    client = createServingClient({ host: server.host });
  });

  afterEach(() => {
    client.close();
    server.kill();
  });

  // The alias decides at which address the elements would begin.
  it.each([
    ['a', 'DT_FLOAT'],
    ['ab', 'DT_FLOAT'],
    ['abc', 'DT_FLOAT'],
    ['abcd', 'DT_FLOAT'],
    ['a', 'DT_UINT8'],
    ['abc', 'DT_UINT8'],
  ] as const)('asks what a call with the same tensor asks: %s, %s', async (alias, dtype) => {
    const shape = [1, 100, 70, 3];
    const request: TemplateCall = {
      model: { name: 'm', version: '7' },
      signatureName: 's',
      input: { alias, dtype, shape },
      outputFilter: [alias],
    };
    const template = client.template(request);
    for (const seed of [1, 2, 3]) {
      const draft = client.draft(template);
      draft.data.set(Array.from(draft.data, (_, index) => (index * seed) % 256));
      const data = draft.data.slice();
      const { outputs } = await client.predictDraft(draft, call());
      expect(outputs[alias]).toEqual({ dtype, shape, data });
      await client.predict({ ...request, inputs: { [alias]: { dtype, shape, data } } }, call());
      const [drafted, called] = received.splice(0);
      expect(drafted).toEqual(called);
    }
  });

  it('that was discarded makes room for the next', () => {
    const template = client.template({
      model: { name: 'm' },
      signatureName: 's',
      input: { alias: 'a', dtype: 'DT_FLOAT', shape: [1, 299, 299, 3] },
    });
    const first = client.draft(template);
    client.discard(first);
    expect(client.draft(template).data.buffer).toBe(first.data.buffer);
  });

  it('whose memory went to another thread and back is sent from there, and forgotten where it did not come back', async () => {
    const input = { alias: 'a', dtype: 'DT_FLOAT', shape: [1, 99, 99, 3] } as const;
    const template = client.template({ model: { name: 'm' }, signatureName: 's', input });
    const draft = client.draft(template);
    draft.data.fill(3);
    const away = structuredClone(draft.data, { transfer: [draft.data.buffer as ArrayBuffer] });
    expect(draft.isLost).toBe(true);
    client.discard(draft);
    draft.data = away;
    const { outputs } = await client.predictDraft(draft, call());
    expect(new Set(outputs['a']!.data as Float32Array)).toEqual(new Set([3]));
  });

  it('whose call failed makes room for the next, and none is sent with what is of another', async () => {
    const alias = 'a';
    const shape = [1, 299, 299, 3];
    const input = { alias, dtype: 'DT_FLOAT', shape } as const;
    const template = client.template({ model: { name: 'm' }, signatureName: 's', input });
    const buffers = new Set<ArrayBufferLike>();
    const ask = async (value: number, deadline: Date): Promise<unknown> => {
      const draft = client.draft(template);
      buffers.add(draft.data.buffer);
      draft.data.fill(value);
      const { outputs } = await client.predictDraft(draft, { deadline });
      return new Set(outputs[alias]!.data as Float32Array);
    };
    for (let time = 0; time < 10; time++) {
      // Too short for a megabyte: given up while it is being sent.
      const late = Array.from({ length: 4 }, () => ask(-1, new Date(Date.now() + 1 + time)));
      await Promise.allSettled(late);
      const values = [1, 2, 3, 4];
      const answers = await Promise.all(values.map((value) => ask(value, call().deadline)));
      expect(answers).toEqual(values.map((value) => new Set([value])));
    }
    expect(buffers.size).toBeLessThanOrEqual(8);
  });
});
