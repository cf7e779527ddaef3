import { parseModelSpec } from '#model-spec';
import { ModelNotFoundError, ModelUnavailableError, type ModelRef } from '#serving-client';
import { Preprocessor } from '#preprocessing';
import type { ServingClient } from '#serving-client';
import { jest } from '@jest/globals';
import { CatalogModel } from './catalog-model.js';
import { UNOBSERVED } from './model-observer.js';

const CALL = { deadline: new Date(), signal: new AbortController().signal, metadata: {} };

const SIGNATURE = {
  inputs: { x: { dtype: 'DT_FLOAT', shape: [-1, 9, 9, 3], tensorName: 'x:0' } },
  outputs: { y: { dtype: 'DT_FLOAT', shape: [-1, 2], tensorName: 'y:0' } },
};

let asked: ModelRef[];
let signatures: Record<string, object>;
let fault: Error | undefined;
let model: CatalogModel;

beforeEach(() => {
  asked = [];
  signatures = { serving_default: SIGNATURE };
  fault = undefined;
  const client = {
    getSignatures: (ref: ModelRef) => {
      asked.push(ref);
      return fault === undefined
        ? Promise.resolve({ version: ref.version ?? '1', signatures })
        : Promise.reject(fault);
    },
  } as unknown as ServingClient;
  const spec = parseModelSpec({
    name: 'm',
    image: { size: [9, 9], scaling: 'tf' },
    scores: 'logits',
    labels: ['a', 'b'],
  });
  model = new CatalogModel(
    { spec, file: 'm.yaml', folder: '/nowhere', golden: undefined },
    client,
    {
      maxPixels: 1,
      version: undefined,
      versionLabel: undefined,
      verifyGolden: false,
      preprocessor: new Preprocessor(1),
      observer: UNOBSERVED,
    },
  );
});

afterEach(() => {
  jest.restoreAllMocks();
});

const choose = (version?: string, versionLabel?: string, signatureName?: string) =>
  model.choose({ version, versionLabel, signatureName }, CALL);

describe('a version that a request names', () => {
  it('is looked up once, not for each request', async () => {
    const first = await choose('2');
    expect(await choose('2')).toBe(first);
    expect(asked).toEqual([{ name: 'm', version: '2', versionLabel: undefined }]);
  });

  it('is another than the one of the same label, and than the default', async () => {
    const chosen = await Promise.all([choose('2'), choose(undefined, '2'), choose()]);
    expect(new Set(chosen).size).toBe(3);
    expect(asked).toHaveLength(2);
  });

  it('is looked up again after a while: it may be gone', async () => {
    await choose('2');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3000);
    fault = new ModelNotFoundError();
    await expect(choose('2')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    fault = undefined;
    expect(await choose('2')).toBeDefined();
    expect(asked).toHaveLength(3);
  });

  it('is still served while the backend cannot say whether it is there', async () => {
    const first = await choose('2');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3000);
    fault = new ModelUnavailableError();
    expect(await choose('2')).toBe(first);
    await expect(choose('3')).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('is refused where its signature does not fit the spec', async () => {
    signatures = { serving_default: { ...SIGNATURE, inputs: {} } };
    await expect(choose('2')).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('is refused where it lacks the signature that the request names', async () => {
    await expect(choose('2', undefined, 'other')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
    await expect(choose('2', undefined, 'constructor')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });

  it('grows nothing: only so many are kept, and none that the backend refused', async () => {
    const first = await choose('1');
    for (let version = 2; version <= 100; version++) await choose(String(version));
    expect(await choose('1')).not.toBe(first);
    expect(await choose('100')).toBe(await choose('100'));

    const before = asked.length;
    fault = new ModelNotFoundError();
    for (let n = 0; n < 100; n++) await choose(undefined, `x${n}`).catch(() => undefined);
    expect(asked).toHaveLength(before + 100);
    expect(await choose('100')).toBeDefined();
    expect(asked).toHaveLength(before + 100);
  });
});
