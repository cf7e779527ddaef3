import { EDGES, mutateBytes } from '../bytes.js';
import type { Random } from '../random.js';
import { predictMessage } from './predict-message.js';

export const METHODS = [
  'tensorflow.serving.PredictionService/Predict',
  'tensorflow.serving.PredictionService/Predict',
  'tensorflow.serving.PredictionService/GetModelMetadata',
  'tensorflow.serving.PredictionService/Classify',
  'tensorflow.serving.ModelService/GetModelStatus',
  'grpc.health.v1.Health/Check',
  'grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
] as const;

/** What a gRPC call's body may be: length-prefixed messages, and what is not quite that. */
export function frames(random: Random): Buffer {
  const whole = Buffer.concat(
    Array.from({ length: random.pick([0, 1, 1, 1, 2, 4]) }, () => frameOf(random)),
  );
  return random.chance(0.4) ? mutateBytes(whole, random) : whole;
}

function frameOf(random: Random): Buffer {
  const message = predictMessage(random);
  const prefix = Buffer.alloc(5);
  prefix[0] = random.pick([0, 0, 0, 1, 2, 255]);
  prefix.writeUInt32BE(random.chance(0.3) ? random.pick(EDGES) : message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A connection's bytes: the preface of HTTP/2, and then frames of any type, length and stream. */
export function connectionBytes(random: Random): Buffer {
  const parts = [
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    http2Frame(4, 0, Buffer.alloc(0), random),
  ];
  for (let count = random.below(12); count > 0; count--) {
    parts.push(
      http2Frame(random.below(12), random.below(8), random.bytes(random.below(200)), random),
    );
  }
  const bytes = Buffer.concat(parts);
  return random.chance(0.5) ? mutateBytes(bytes, random) : bytes;
}

function http2Frame(type: number, stream: number, payload: Buffer, random: Random): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(random.chance(0.9) ? payload.length : random.below(1 << 24), 0, 3);
  header[3] = type;
  header[4] = type === 4 ? 0 : random.below(256);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}
