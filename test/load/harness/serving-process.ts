import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { TensorProto } from '#protos';
import { startModelServer, type Handlers } from '../../../libs/serving-client/test/model-server.js';
import { pictureOf } from './request-id.js';
import { CLASSES, scoresOf } from './scores.js';
import { encodedSignatures, SIDE } from './signature.js';

export interface ServingSettings {
  readonly dtype: 'float' | 'uint8';
  /** Service time of each Predict. */
  readonly latencyMs: number;
  /** SHA-256 of each picture's float32 tensor; where given, tensors are held against them. */
  readonly expected?: readonly string[];
  /** A free one where left out. */
  readonly port?: number | undefined;
}

/** Sent later: how Predict misbehaves from now on; empty: not at all. */
export interface Behave {
  readonly behaviour: '' | 'hang' | 'slow' | 'fail' | 'refuse' | 'nan';
}

const SLOW_MS = 1_000;

export interface Recorded {
  /** Images of requests that told which pictures they are of. */
  readonly images: number;
  /** How many of each picture's tensors were as expected. */
  readonly equal: readonly number[];
  /** How many were not. */
  readonly different: readonly number[];
}

const VALUES = SIDE * SIDE * 3;
/** What Keras makes of each level, in `tf` scaling: rounded twice. */
const SCALED = Float32Array.from({ length: 256 }, (_, level) => Math.fround(level / 127.5) - 1);

process.once('message', (settings: ServingSettings) => void serve(settings));
process.once('disconnect', () => process.exit());

async function serve({ dtype, latencyMs, expected, port }: ServingSettings): Promise<void> {
  const equal = Array.from({ length: expected?.length ?? 0 }, () => 0);
  const different = equal.map(() => 0);
  let images = 0;
  let behaviour: Behave['behaviour'] = '';

  function record(tensor: TensorProto, rows: number, firstPicture: number): void {
    const content = tensor.tensorContent!;
    const size = content.byteLength / rows;
    for (let row = 0; row < rows; row++) {
      const picture = (firstPicture + row) % expected!.length;
      const same = hashOf(content.subarray(row * size, (row + 1) * size)) === expected![picture];
      (same ? equal : different)[picture]!++;
      images++;
    }
  }

  const predict: Handlers['predict'] = ({ request, metadata }, callback) => {
    if (behaviour === 'hang') return;
    if (behaviour === 'fail' || behaviour === 'refuse') {
      callback({ code: behaviour === 'fail' ? status.INTERNAL : status.UNAVAILABLE });
      return;
    }
    const tensor = request.inputs!['input_8']!;
    const rows = Number(tensor.tensorShape!.dim![0]!.size);
    const picture = expected && pictureOf(String(metadata.get('x-request-id')[0]));
    if (picture !== undefined) record(tensor, rows, picture);
    const scores = Array.from({ length: rows }, (_, row) =>
      scoresOf(picture === undefined ? undefined : (picture + row) % expected!.length),
    );
    const answer = (): void => {
      callback(null, {
        modelSpec: { name: request.modelSpec!.name!, version: { value: 1 } },
        outputs: {
          dense_7: {
            dtype: 'DT_FLOAT',
            tensorShape: { dim: [{ size: rows }, { size: CLASSES }] },
            floatVal: behaviour === 'nan' ? scores.flat().fill(NaN) : scores.flat(),
          },
        },
      });
    };
    const waitMs = behaviour === 'slow' ? SLOW_MS : latencyMs;
    if (waitMs > 0) void sleep(waitMs).then(answer);
    else answer();
  };

  const server = await startModelServer(
    {
      predict,
      getModelMetadata: ({ request }, callback) => {
        callback(null, {
          modelSpec: { name: request.modelSpec!.name!, version: { value: 1 } },
          metadata: {
            signature_def: {
              type_url: 'type.googleapis.com/tensorflow.serving.SignatureDefMap',
              value: encodedSignatures(dtype),
            },
          },
        });
      },
      getModelStatus: (_call, callback) => {
        callback(null, { modelVersionStatus: [{ version: '1', state: 'AVAILABLE' }] });
      },
    },
    { port, options: { 'grpc-node.flow_control_window': 8 * 1024 * 1024 } },
  );
  process.on('message', (message: Behave | 'report') => {
    if (message === 'report') process.send!({ images, equal, different } satisfies Recorded);
    else behaviour = message.behaviour;
  });
  process.send!(server.port);
}

/** SHA-256 of a row as Keras has it, in float32. */
function hashOf(row: Uint8Array): string {
  const hash = createHash('sha256');
  if (row.byteLength !== VALUES) return hash.update(row).digest('hex');
  const values = Float32Array.from(row, (level) => SCALED[level]!);
  return hash.update(new Uint8Array(values.buffer)).digest('hex');
}
