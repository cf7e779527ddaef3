import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import {
  PROTO_LOADER_OPTIONS,
  SERVING_PROTOS,
  type Any,
  type GetModelMetadataRequest,
  type SignatureDefMap,
} from '#protos';
import { type ModelServer, startModelServer } from '../test/model-server.js';
import { createServingClient, ModelFailedError, ServingClient } from './index.js';

const message = loadSync(SERVING_PROTOS, PROTO_LOADER_OPTIONS)[
  'tensorflow.serving.SignatureDefMap'
] as MessageTypeDefinition<SignatureDefMap, SignatureDefMap>;

const TYPE_URL = 'type.googleapis.com/tensorflow.serving.SignatureDefMap';

let server: ModelServer;
let client: ServingClient;
let received: GetModelMetadataRequest;
let metadata: Record<string, Any>;

beforeAll(async () => {
  server = await startModelServer({
    getModelMetadata: ({ request }, callback) => {
      received = request;
      callback(null, {
        modelSpec: { name: 'm', version: { value: '9007199254740993' } },
        metadata,
      });
    },
  });
  client = createServingClient({ host: server.host });
});

afterAll(() => {
  client.close();
  server.kill();
});

const soon = () => ({ deadline: new Date(Date.now() + 20_000) });

describe('getSignatures', () => {
  it('tells aliases, dtypes, shapes and tensor names of every signature', async () => {
    const value = message.serialize({
      signatureDef: {
        serving_default: {
          inputs: {
            input_8: {
              name: 'serving_default_input_8:0',
              dtype: 'DT_FLOAT',
              tensorShape: { dim: [-1, 299, 299, 3].map((size) => ({ size })) },
            },
          },
          outputs: {
            dense_7: {
              name: 'StatefulPartitionedCall:0',
              dtype: 'DT_HALF',
              tensorShape: { dim: [{ size: -1 }, { size: 10 }] },
            },
          },
          methodName: 'tensorflow/serving/predict',
        },
        odd: {
          inputs: {
            any: { name: 'a:0', dtype: 'DT_STRING', tensorShape: { unknownRank: true } },
            scalar: { name: 'b:0', dtype: 'DT_INT64', tensorShape: {} },
            resource: { name: 'c:0', dtype: 20 as never },
          },
        },
        // As TensorFlow's own initializer signature: neither inputs nor outputs of use.
        __saved_model_init_op: {},
      },
    });
    metadata = { signature_def: { type_url: TYPE_URL, value } };
    expect(await client.getSignatures({ name: 'm', version: '5' }, soon())).toEqual({
      version: '9007199254740993',
      signatures: {
        serving_default: {
          inputs: {
            input_8: {
              dtype: 'DT_FLOAT',
              shape: [-1, 299, 299, 3],
              tensorName: 'serving_default_input_8:0',
            },
          },
          outputs: {
            dense_7: { dtype: 'DT_HALF', shape: [-1, 10], tensorName: 'StatefulPartitionedCall:0' },
          },
          methodName: 'tensorflow/serving/predict',
        },
        odd: {
          inputs: {
            any: { dtype: 'DT_STRING', shape: undefined, tensorName: 'a:0' },
            scalar: { dtype: 'DT_INT64', shape: [], tensorName: 'b:0' },
            resource: { dtype: 'DT_INVALID', shape: [], tensorName: 'c:0' },
          },
          outputs: {},
          methodName: '',
        },
        __saved_model_init_op: { inputs: {}, outputs: {}, methodName: '' },
      },
    });
    expect(received).toMatchObject({
      modelSpec: { name: 'm', version: { value: '5' } },
      metadataField: ['signature_def'],
    });
  });

  it.each<{ name: string; answer: Record<string, Any> }>([
    { name: 'nothing', answer: {} },
    {
      name: 'another message',
      answer: { signature_def: { type_url: 'type.googleapis.com/x.Y', value: Buffer.of() } },
    },
    {
      name: 'bytes that are no message',
      answer: { signature_def: { type_url: TYPE_URL, value: Buffer.from([0x0a, 0x05, 0x01]) } },
    },
  ])('calls $name a failure of the model', async ({ answer }) => {
    metadata = answer;
    await expect(client.getSignatures({ name: 'm' }, soon())).rejects.toThrow(ModelFailedError);
  });
});
