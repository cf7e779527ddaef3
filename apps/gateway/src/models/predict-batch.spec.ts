import { setTimeout as sleep } from 'node:timers/promises';
import { abortSignalOf } from '#cancellation';
import { parseModelSpec, type InputBinding, type InputDtype } from '#model-spec';
import { Preprocessor, UndecodableImageError } from '#preprocessing';
import { createServingClient, type ServingClient } from '#serving-client';
import { fromTensorProto, toTensorProto, type Tensor } from '#tensor';
import {
  startModelServer,
  type ModelServer,
} from '../../../../libs/serving-client/test/model-server.js';
import { predictBatch, type ImageSource } from './predict-batch.js';

import { ServedSignature } from './served-signature.js';
import { UNTIMED } from './stage-times.js';

/** A picture of one colour, whose tensor is that byte everywhere. */
function grayBmp(level: number): Uint8Array {
  const file = Buffer.alloc(54 + 4);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(1, 18);
  file.writeInt32LE(1, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  file.fill(level, 54, 57);
  return file;
}

const BROKEN = Buffer.from('BM and nothing else');

let server: ModelServer;
let client: ServingClient;
/** Rows of each call. */
let calls: number[];
let failure: { code: number; details: string } | undefined;
/** What is answered for the rows of a call. */
let answer: (input: Tensor) => Tensor;

beforeAll(async () => {
  server = await startModelServer({
    predict: ({ request }, callback) => {
      const input = fromTensorProto(request.inputs!['x']!);
      calls.push(input.shape[0]!);
      if (failure !== undefined) callback(failure);
      else {
        const outputs = { y: toTensorProto(answer(input)) };
        callback(null, { modelSpec: { name: 'm', version: { value: '3' } }, outputs });
      }
    },
  });
  client = createServingClient({ host: server.host });
});

afterAll(() => {
  client.close();
  server.kill();
});

beforeEach(() => {
  calls = [];
  failure = undefined;
  answer = firstOfEachRow;
});

/** Of files, their blue level; of pixels, the first. */
function firstOfEachRow({ shape, data }: Tensor): Tensor {
  const rows = shape[0]!;
  const first = (row: number): number =>
    Array.isArray(data) ? data[row]![54]! : Number(data[(row * data.length) / rows]);
  const numbers = Array.from({ length: rows }, (_, row) => first(row));
  return { dtype: 'DT_FLOAT', shape: [rows, 1], data: new Float32Array(numbers) };
}

interface Served {
  readonly dtype?: InputDtype;
  readonly isBatched?: boolean;
  readonly side?: number;
}

function signature({ dtype = 'DT_FLOAT', isBatched = true, side = 4 }: Served): ServedSignature {
  const binding: InputBinding = { signatureName: 's', inputAlias: 'x', dtype, isBatched };
  const spec = parseModelSpec({
    name: 'm',
    image: { size: [side, side], scaling: 'none' },
    scores: 'logits',
    labels: ['a'],
  });
  const limits = { maxPixels: 1000, preprocessor: new Preprocessor(2) };
  return new ServedSignature(spec, { name: 'm' }, binding, [], client, limits);
}

const call = (signal = new AbortController().signal) => ({
  deadline: new Date(Date.now() + 30_000),
  signal,
  metadata: {},
});

const levels = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const imagesOf = (...all: (number | undefined)[]): ImageSource[] =>
  all.map((level) => () => (level === undefined ? BROKEN : grayBmp(level)));

describe('a batch', () => {
  it.each<[string, Served, number[]]>([
    ['floats', {}, [5]],
    ['bytes', { dtype: 'DT_UINT8' }, [5]],
    ['files', { dtype: 'DT_STRING' }, [5]],
    ['floats, one image a call', { isBatched: false }, [1, 1, 1, 1, 1]],
    ['files, one image a call', { dtype: 'DT_STRING', isBatched: false }, [1, 1, 1, 1, 1]],
    // 2000 * 2000 * 3 floats are 48 MB: with a second image a call would be too long.
    ['large floats', { side: 2000 }, [1, 1, 1, 1, 1]],
  ])('of %s keeps its order', async (_name, served, expectedCalls) => {
    const { outputs, rows, version } = await predictBatch(
      signature(served),
      imagesOf(...levels(5)),
      call(),
      UNTIMED,
      'row',
    );
    expect(calls).toEqual(expectedCalls);
    expect(rows).toEqual([0, 1, 2, 3, 4]);
    expect(outputs['y']).toEqual({
      dtype: 'DT_FLOAT',
      shape: [5, 1],
      data: new Float32Array(levels(5)),
    });
    expect(version).toBe('3');
  });

  it('of halves is one tensor of them', async () => {
    answer = (input) => input;
    const { outputs } = await predictBatch(
      signature({ dtype: 'DT_HALF', side: 1 }),
      imagesOf(1, 2),
      call(),
      UNTIMED,
      'row',
    );
    const [one, two] = [0x3c00, 0x4000];
    const data = new Uint16Array([one, one, one, two, two, two]);
    expect(outputs['y']).toEqual({ dtype: 'DT_HALF', shape: [2, 1, 1, 3], data });
  });

  it('of large files is split by their bytes', async () => {
    const large = Buffer.concat([grayBmp(7), Buffer.alloc(20 * 1024 * 1024)]);
    const images: ImageSource[] = Array.from({ length: 5 }, () => () => large);
    await predictBatch(signature({ dtype: 'DT_STRING' }), images, call(), UNTIMED, 'row');
    expect(calls.sort()).toEqual([1, 2, 2]);
  });

  it.each<Served>([{}, { dtype: 'DT_STRING' }, { isBatched: false }])(
    'asks only about images that can be read: %j',
    async (served) => {
      // Whatever was in the memory before must not be seen.
      await predictBatch(signature(served), imagesOf(200, 201, 202), call(), UNTIMED, 'row');
      const text = () => Buffer.from('no image');
      const images = imagesOf(1, undefined, 3, 4);
      images[1] = text;
      const { outputs, rows } = await predictBatch(
        signature(served),
        images,
        call(),
        UNTIMED,
        'row',
      );
      expect(rows).toEqual([0, expect.objectContaining({ code: 'UNSUPPORTED_IMAGE' }), 1, 2]);
      expect([...(outputs['y']!.data as Float32Array)]).toEqual([1, 3, 4]);
    },
  );

  it('fails as a whole where an image spoils it, and says which', async () => {
    const started: number[] = [];
    const images = imagesOf(...levels(20)).map((image, index): ImageSource => async (signal) => {
      started.push(index);
      if (index === 2) throw new UndecodableImageError();
      await sleep(1000, undefined, { signal: abortSignalOf(signal) });
      return image(signal);
    });
    await expect(
      predictBatch(signature({}), images, call(), UNTIMED, 'batch'),
    ).rejects.toMatchObject({
      code: 'IMAGE_UNDECODABLE',
      publicMessage: expect.stringMatching(/^Image 2: /) as string,
    });
    expect(started).toHaveLength(8);
    expect(calls).toEqual([]);
  });

  it.each(['row', 'batch'] as const)(
    'fails as a whole where the model does (a bad image spoils its %s)',
    async (spoils) => {
      failure = { code: 8, details: 'queue full' };
      const images = imagesOf(1, 2);
      if (spoils === 'row') images.push(() => BROKEN);
      await expect(
        predictBatch(signature({ isBatched: false }), images, call(), UNTIMED, spoils),
      ).rejects.toMatchObject({ code: 'OVERLOADED' });
    },
  );

  it('ends where its caller goes, with the reason', async () => {
    const caller = new AbortController();
    const reason = new Error('gone');
    const images: ImageSource[] = [
      async (signal) => {
        caller.abort(reason);
        await sleep(30_000, undefined, { signal: abortSignalOf(signal) });
        return grayBmp(1);
      },
    ];
    await expect(
      predictBatch(signature({}), images, call(caller.signal), UNTIMED, 'row'),
    ).rejects.toBe(reason);
  });

  it.each<[string, (input: Tensor) => Tensor]>([
    ['too few rows', () => ({ dtype: 'DT_FLOAT', shape: [1, 1], data: new Float32Array(1) })],
    ['no rows at all', () => ({ dtype: 'DT_FLOAT', shape: [], data: new Float32Array(1) })],
  ])('fails where the model answers with %s', async (_name, given) => {
    answer = given;
    await expect(
      predictBatch(signature({}), imagesOf(1, 2), call(), UNTIMED, 'row'),
    ).rejects.toMatchObject({ code: 'MODEL_FAILED' });
  });
});
