import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { PredictResponse, TensorProto } from '#protos';
import {
  startModelServer,
  type Handlers,
  type ModelServer,
} from '../../libs/serving-client/test/model-server.js';
import { encodedSignatures } from '../load/harness/signature.js';

type Predict = Handlers['predict'];
/** How a call of Predict ends. */
export type Behaviour = (...args: Parameters<Predict>) => void;

export const LABELS = 10;

/** Scores as they should be: a row of ten for each image. */
export const honest: Behaviour = ({ request }, callback) => {
  const rows = Number(Object.values(request.inputs!)[0]!.tensorShape!.dim![0]!.size);
  callback(null, answerOf({ values: Array.from({ length: rows * LABELS }, (_, at) => at % 10) }));
};

interface Scores extends TensorProto {
  readonly values?: number[];
  readonly shape?: number[];
  readonly alias?: string;
}

export function answerOf({
  values = [],
  shape = [values.length / LABELS, LABELS],
  alias = 'dense_7',
  ...tensor
}: Scores): PredictResponse {
  return {
    modelSpec: { name: 'clothing-model', version: { value: 1 } },
    outputs: {
      [alias]: {
        dtype: 'DT_FLOAT',
        tensorShape: { dim: shape.map((size) => ({ size })) },
        floatVal: values,
        ...tensor,
      },
    },
  };
}

export const answering =
  (scores: Scores): Behaviour =>
  (_call, callback) => {
    callback(null, answerOf(scores));
  };

export const failing =
  (code: status, details = 'at 10.0.0.1: secret'): Behaviour =>
  (_call, callback) => {
    callback({ code, details });
  };

/** Takes the call and says nothing more. */
export const hanging: Behaviour = () => undefined;

export const late =
  (ms: number): Behaviour =>
  (...args) => {
    void sleep(ms).then(() => {
      honest(...args);
    });
  };

/** A clothing model's server that does with calls of Predict as it is told. */
export class LyingServer {
  /** Calls of Predict so far. */
  calls = 0;
  behaviour: Behaviour = honest;
  private server: ModelServer | undefined;

  constructor(
    readonly address = '127.0.0.1',
    private bound = 0,
  ) {}

  get port(): number {
    return this.bound;
  }

  async start(): Promise<this> {
    const value = encodedSignatures('float');
    this.server = await startModelServer(
      {
        predict: (call, callback) => {
          this.calls++;
          this.behaviour(call, callback);
        },
        getModelMetadata: (_call, callback) => {
          const type_url = 'type.googleapis.com/tensorflow.serving.SignatureDefMap';
          callback(null, {
            modelSpec: { name: 'clothing-model', version: { value: 1 } },
            metadata: { signature_def: { type_url, value } },
          });
        },
        getModelStatus: (_call, callback) => {
          callback(null, { modelVersionStatus: [{ version: '1', state: 'AVAILABLE' }] });
        },
      },
      { address: this.address, port: this.bound },
    );
    this.bound = this.server.port;
    return this;
  }

  /** As a process ends that is killed; `start` brings it back to its port. */
  kill(): void {
    this.server?.kill();
    this.server = undefined;
  }
}
