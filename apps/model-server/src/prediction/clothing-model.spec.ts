import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '#project';
import type { PredictResponse } from '#protos';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { runServer, type RunningServer } from '../../test-fixtures/running-server.js';

const PIXELS = 299 * 299 * 3;
const MODEL = projectPath('models', 'clothing-model', '1');

let running: RunningServer;

beforeAll(async () => {
  const models = new ModelFolder();
  const folder = models.versionPath('clothing-model', 1);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(MODEL).filter((file) => file.includes('.onnx'))) {
    copyFileSync(join(MODEL, name), join(folder, name));
  }
  running = await runServer(models, { MAX_BATCH_SIZE: 4 }, ['clothing-model']);
});

afterAll(async () => {
  await running.stop();
});

/** Raw pixels without a pattern, the same for the same seed. */
function picture(seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: PIXELS }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

const scoresOf = ({ outputs }: PredictResponse) => outputs!['dense_7']!.floatVal!;

async function scores(pixels: Uint8Array): Promise<number[]> {
  const answer = await running.client.predict({
    modelSpec: { name: 'clothing-model', signatureName: 'serving_uint8' },
    inputs: {
      input_8: {
        dtype: 'DT_UINT8',
        tensorShape: { dim: [1, 299, 299, 3].map((size) => ({ size })) },
        tensorContent: Buffer.from(pixels),
      },
    },
  });
  return scoresOf(answer);
}

function expectClose(received: number[], expected: number[]): void {
  expect(received).toHaveLength(expected.length);
  received.forEach((score, index) => {
    expect(score).toBeCloseTo(expected[index]!, 3);
  });
}

describe('the clothing model', () => {
  it('scores a picture the same alone and in a batch', async () => {
    const pictures = [1, 2, 3, 4, 5].map(picture);
    const alone: number[][] = [];
    for (const pixels of pictures) alone.push(await scores(pixels));
    running.runs.length = 0;
    const together = await Promise.all(pictures.map(scores));
    expect(running.runs.length).toBeLessThan(pictures.length);
    together.forEach((received, index) => {
      expectClose(received, alone[index]!);
    });
    expect(alone[0]).not.toEqual(alone[1]);
  });

  it('scores raw pixels as it scores them scaled', async () => {
    const pixels = picture(6);
    const scaled = Float32Array.from(pixels, (value) => Math.fround(value / 127.5) - 1);
    const answer = await running.client.predict({
      modelSpec: { name: 'clothing-model' },
      inputs: {
        input_8: {
          dtype: 'DT_FLOAT',
          tensorShape: { dim: [1, 299, 299, 3].map((size) => ({ size })) },
          tensorContent: Buffer.from(scaled.buffer),
        },
      },
    });
    expectClose(scoresOf(answer), await scores(pixels));
  });
});
