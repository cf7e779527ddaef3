import { getEventListeners, once } from 'node:events';
import { type ServerUnaryCall, status } from '@grpc/grpc-js';
import { jest } from '@jest/globals';
import type { GetModelStatusRequest, PredictRequest, PredictResponse, TensorProto } from '#protos';
import { InvalidTensorError, type Tensor } from '#tensor';
import { echo, type Handlers, type ModelServer, startModelServer } from '../test/model-server.js';
import { createServingClient, ModelFailedError, type PredictCall, ServingClient } from './index.js';

type PredictHandler = Handlers['predict'];

// A batch of 34 MB takes its time on a machine that is busy.
jest.setTimeout(60_000);

let server: ModelServer;
let client: ServingClient;
let predict: PredictHandler;
let getModelStatus: Handlers['getModelStatus'];

beforeAll(async () => {
  server = await startModelServer(
    {
      predict: (call, callback) => {
        predict(call, callback);
      },
      getModelStatus: (call, callback) => {
        getModelStatus(call, callback);
      },
    },
    { options: { 'grpc-node.flow_control_window': 8 * 1024 * 1024 } },
  );
  client = createServingClient({ host: server.host });
});

afterAll(() => {
  client.close();
  server.kill();
});

beforeEach(() => {
  predict = echo;
});

// Beyond jest's own timeout: a call that waits for its deadline fails the test.
const soon = () => ({ deadline: new Date(Date.now() + 3_600_000) });
const x: Tensor = { dtype: 'DT_FLOAT', shape: [1, 2], data: new Float32Array([0.5, -2]) };
const request: PredictCall = { model: { name: 'm' }, signatureName: 's', inputs: { x } };

describe('predict', () => {
  it('sends the request as the protos say', async () => {
    let received: PredictRequest = {};
    predict = (call, callback) => {
      received = call.request;
      echo(call, callback);
    };
    const text: Tensor = { dtype: 'DT_STRING', shape: [2], data: [Buffer.from('ab'), Buffer.of()] };
    await client.predict(
      {
        model: { name: 'clothing-model', versionLabel: 'canary' },
        signatureName: 'serving_default',
        inputs: { x, 'naïve alias': text },
        outputFilter: ['x'],
      },
      soon(),
    );
    expect(received.modelSpec).toMatchObject({
      name: 'clothing-model',
      versionLabel: 'canary',
      signatureName: 'serving_default',
    });
    expect(received.outputFilter).toEqual(['x']);
    expect(received.modelSpec!.version ?? null).toBeNull();
    expect(Object.keys(received.inputs!)).toEqual(['x', 'naïve alias']);
    expect(received.inputs!['x']).toMatchObject({
      dtype: 'DT_FLOAT',
      tensorShape: { dim: [{ size: '1' }, { size: '2' }] },
      tensorContent: Buffer.from(new Float32Array([0.5, -2]).buffer),
    });
    expect(received.inputs!['naïve alias']).toMatchObject({
      dtype: 'DT_STRING',
      tensorShape: { dim: [{ size: '2' }] },
      stringVal: [Buffer.from('ab'), Buffer.of()],
    });
  });

  it('answers the outputs and the version that gave them, also beyond 2^53', async () => {
    predict = (_, callback) => {
      callback(null, {
        modelSpec: { name: 'm', version: { value: '9223372036854775807' }, signatureName: 's' },
        outputs: {
          scores: {
            dtype: 'DT_FLOAT',
            tensorShape: { dim: [{ size: 1 }, { size: 3 }] },
            floatVal: [1, 2, 3],
          },
        },
      });
    };
    expect(await client.predict(request, soon())).toEqual({
      model: 'm',
      version: '9223372036854775807',
      signatureName: 's',
      backend: server.host,
      outputs: {
        scores: { dtype: 'DT_FLOAT', shape: [1, 3], data: new Float32Array([1, 2, 3]) },
      },
    });
  });

  it('asks for a version beyond 2^53 as it is', async () => {
    const model = { name: 'm', version: '9007199254740993' };
    const { version } = await client.predict({ ...request, model }, soon());
    expect(version).toBe('9007199254740993');
  });

  it.each(['18446744073709551617', '9223372036854775808', '-1', '1.5', 'latest', ''])(
    'knows that there is no version "%s" without asking',
    async (version) => {
      predict = refuse(status.INTERNAL, 'asked');
      const model = { name: 'm', version };
      await expect(client.predict({ ...request, model }, soon())).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
      });
    },
  );

  it('carries a batch of 34 MB both ways', async () => {
    const data = new Float32Array(32 * 299 * 299 * 3).map((_, index) => index);
    const batch: Tensor = { dtype: 'DT_FLOAT', shape: [32, 299, 299, 3], data };
    const { outputs } = await client.predict({ ...request, inputs: { batch } }, soon());
    expect(outputs['batch']!.shape).toEqual([32, 299, 299, 3]);
    expect(Buffer.compare(bytesOf(outputs['batch']!), bytesOf(batch))).toBe(0);
  });

  it('keeps the messages of concurrent calls apart', async () => {
    const tensors = Array.from({ length: 24 }, (_, index): Tensor => {
      const length = 20_000 * (1 + (index % 5));
      return { dtype: 'DT_UINT8', shape: [length], data: new Uint8Array(length).fill(index) };
    });
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        tensors.map((tensor) => client.predict({ ...request, inputs: { tensor } }, soon())),
      );
      answers.forEach(({ outputs }, index) => {
        const same = Buffer.compare(bytesOf(outputs['tensor']!), bytesOf(tensors[index]!));
        expect(same).toBe(0);
      });
    }
  });

  it('passes metadata on, but for what gRPC cannot carry', async () => {
    let received: object = {};
    predict = (call, callback) => {
      received = call.metadata.getMap();
      echo(call, callback);
    };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const metadata = { traceparent, 'x-request-id': 'abc-1', 'x-odd': 'a\nb', 'x-odd-2': 'ü' };
    await client.predict(request, { ...soon(), metadata });
    expect(received).toMatchObject({ traceparent, 'x-request-id': 'abc-1' });
    expect(received).not.toHaveProperty('x-odd');
    expect(received).not.toHaveProperty('x-odd-2');
  });

  it('refuses an input that contradicts itself', async () => {
    const wrong: Tensor = { ...x, shape: [3] };
    await expect(client.predict({ ...request, inputs: { wrong } }, soon())).rejects.toThrow(
      InvalidTensorError,
    );
  });

  it.each<{ name: string; answer: PredictResponse }>([
    { name: 'no outputs', answer: { modelSpec: { name: 'm' } } },
    { name: 'other outputs than asked', answer: { outputs: { y: tensorOf(1) } } },
    { name: 'a tensor that contradicts itself', answer: { outputs: { x: tensorOf(3) } } },
    {
      name: 'a tensor that claims a trillion elements',
      answer: { outputs: { x: { ...tensorOf(1e12), tensorContent: undefined } } },
    },
  ])('calls it a failure of the model to answer $name', async ({ answer }) => {
    predict = (_, callback) => {
      callback(null, answer);
    };
    const answered = client.predict({ ...request, outputFilter: ['x'] }, soon());
    await expect(answered).rejects.toThrow(ModelFailedError);
  });
});

describe('deadline', () => {
  it('ends a call that is not answered', async () => {
    predict = () => undefined;
    const deadline = new Date(Date.now() + 200);
    await expect(client.predict(request, { deadline })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      publicMessage: 'The model did not answer in time.',
    });
  });

  it('is told to the server', async () => {
    let told = 0;
    predict = (call, callback) => {
      told = Number(call.getDeadline());
      echo(call, callback);
    };
    const deadline = new Date(Date.now() + 3_600_000);
    await client.predict(request, { deadline });
    expect(Math.abs(told - deadline.getTime())).toBeLessThan(60_000);
  });

  it('that has passed asks nobody', async () => {
    let asked = false;
    predict = (call, callback) => {
      asked = true;
      echo(call, callback);
    };
    const deadline = new Date(Date.now() - 1);
    await expect(client.predict(request, { deadline })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    expect(asked).toBe(false);
  });
});

describe('signal', () => {
  it("cancels the call on the server and rejects with the signal's reason", async () => {
    const controller = new AbortController();
    const received = new Promise<ServerUnaryCall<PredictRequest, PredictResponse>>((resolve) => {
      predict = (call) => {
        resolve(call);
      };
    });
    const answered = client.predict(request, { ...soon(), signal: controller.signal });
    const call = await received;
    const cancelled = once(call, 'cancelled');
    const reason = new Error('the caller hung up');
    controller.abort(reason);
    await expect(answered).rejects.toBe(reason);
    await cancelled;
    expect(call.cancelled).toBe(true);
  });

  it('that is aborted already asks nobody', async () => {
    let asked = false;
    predict = () => {
      asked = true;
    };
    const reason = new Error('the caller hung up');
    const call = { ...soon(), signal: AbortSignal.abort(reason) };
    await expect(client.predict(request, call)).rejects.toBe(reason);
    predict = echo;
    await client.predict(request, soon());
    expect(asked).toBe(false);
  });

  it('has no listeners left after an answer', async () => {
    const { signal } = new AbortController();
    await client.predict(request, { ...soon(), signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('failures', () => {
  it.each([
    [status.UNAVAILABLE, 'backend 10.0.0.7 is draining', 'MODEL_UNAVAILABLE'],
    [status.RESOURCE_EXHAUSTED, 'queue is full', 'OVERLOADED'],
    [status.RESOURCE_EXHAUSTED, 'Received message larger than max (9 vs. 4)', 'MODEL_FAILED'],
    [status.NOT_FOUND, 'Servable not found for request: Latest(m)', 'MODEL_NOT_FOUND'],
    [status.NOT_FOUND, 'Could not find variable w. \n\t [[{{node dense/Read}}]]', 'MODEL_FAILED'],
    [status.INVALID_ARGUMENT, 'Unrecognized servable version label: canary', 'MODEL_NOT_FOUND'],
    [status.INVALID_ARGUMENT, 'input size does not match signature: 2!=1', 'MODEL_FAILED'],
    [status.FAILED_PRECONDITION, 'Serving signature key "s" not found.', 'MODEL_NOT_FOUND'],
    [status.FAILED_PRECONDITION, 'Table not initialized', 'MODEL_FAILED'],
    [status.DEADLINE_EXCEEDED, 'batch waited too long', 'DEADLINE_EXCEEDED'],
    [status.CANCELLED, 'cancelled by the server', 'MODEL_UNAVAILABLE'],
    [status.UNIMPLEMENTED, 'no such method', 'MODEL_FAILED'],
    [status.INTERNAL, 'core dumped at 0x0', 'MODEL_FAILED'],
    [status.UNKNOWN, '', 'MODEL_FAILED'],
  ])('status %s "%s" is %s', async (code, details, expected) => {
    predict = refuse(code, details);
    const error = await client.predict(request, soon()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: expected, cause: { code, details } });
    if (details) {
      expect((error as Error).message).not.toContain(details);
    }
  });

  it('an answer that is no PredictResponse is a failure of the model', async () => {
    const raw = await startModelServer({ predict: echo }, { answer: Buffer.from([0x0c, 0xff]) });
    const other = createServingClient({ host: raw.host });
    await expect(other.predict(request, soon())).rejects.toMatchObject({ code: 'MODEL_FAILED' });
    other.close();
    raw.kill();
  });
});

describe('getModelStatus', () => {
  it('lists versions, states and why one failed', async () => {
    let received: GetModelStatusRequest = {};
    getModelStatus = (call, callback) => {
      received = call.request;
      callback(null, {
        modelVersionStatus: [
          { version: '9007199254740993', state: 'AVAILABLE', status: {} },
          { version: '1', state: 'END', status: { errorCode: 5, errorMessage: 'no variables' } },
          { version: '0', state: 77 as never },
        ],
      });
    };
    expect(await client.getModelStatus({ name: 'm', version: '7' }, soon())).toEqual([
      { version: '9007199254740993', state: 'AVAILABLE', errorCode: 'OK', errorMessage: '' },
      { version: '1', state: 'END', errorCode: 'NOT_FOUND', errorMessage: 'no variables' },
      { version: '0', state: 'UNKNOWN', errorCode: 'OK', errorMessage: '' },
    ]);
    expect(received.modelSpec).toMatchObject({ name: 'm', version: { value: '7' } });
  });

  it('of an unknown model is MODEL_NOT_FOUND', async () => {
    getModelStatus = refuse(status.NOT_FOUND, 'Could not find any versions of model x');
    await expect(client.getModelStatus({ name: 'x' }, soon())).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });
});

function refuse(code: status, details: string) {
  return (_call: unknown, callback: (error: { code: status; details: string }) => void) => {
    callback({ code, details });
  };
}

function tensorOf(elements: number): TensorProto {
  return {
    dtype: 'DT_FLOAT',
    tensorShape: { dim: [{ size: elements }] },
    tensorContent: Buffer.alloc(4),
  };
}

function bytesOf({ data }: Tensor): Buffer {
  const { buffer, byteOffset, byteLength } = data as Uint8Array;
  return Buffer.from(buffer, byteOffset, byteLength);
}
