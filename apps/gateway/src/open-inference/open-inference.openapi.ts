import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { projectVersion } from '#project';
import { ApiProblem } from '../errors/problem.openapi.js';
import { EXAMPLE_IMAGE } from '../images/image.openapi.js';
import { json, ref, type Schema } from '../openapi/schema.js';
import { MODEL_VERSION_HEADER } from '../prediction/predict.openapi.js';

const NAME = 'clothing-model';

function ApiInference(operation: Parameters<typeof ApiOperation>[0]): MethodDecorator {
  return applyDecorators(ApiTags('Open Inference Protocol v2'), ApiOperation(operation));
}

/** An answer in JSON of a named schema, with an example of it. */
function ApiJson(status: number, description: string, schema: string, value: object) {
  return ApiResponse({ status, description, content: json(ref(schema), { [schema]: { value } }) });
}

const unknownModel = () => ApiProblem(404, 'No such model, or no such version of it.');
const failed = () => ApiProblem(502, 'The model server failed.', 'MODEL_FAILED');
const tooSlow = () =>
  ApiProblem(504, 'The model server did not answer in time.', 'DEADLINE_EXCEEDED');

export function DescribeServer(): MethodDecorator {
  return applyDecorators(
    ApiInference({ operationId: 'v2Server', summary: 'What this server is' }),
    ApiJson(200, 'Its name, its version, and what it knows beyond the protocol.', 'Server', {
      name: 'image-classification-gateway',
      version: projectVersion,
      extensions: ['classification', 'binary_tensor_data'],
    }),
  );
}

export function DescribeLive(): MethodDecorator {
  return applyDecorators(
    ApiInference({ operationId: 'v2Live', summary: 'Whether the process answers' }),
    ApiJson(200, 'It does.', 'ServerLive', { live: true }),
  );
}

export function DescribeReady(): MethodDecorator {
  return applyDecorators(
    ApiInference({ operationId: 'v2Ready', summary: 'Whether predictions can be asked for' }),
    ApiJson(200, 'As /readyz.', 'ServerReady', { ready: true }),
    ApiJson(503, 'Not yet, or not any more.', 'ServerReady', { ready: false }),
  );
}

export function DescribeModel(): MethodDecorator {
  return applyDecorators(
    ApiInference({ operationId: 'v2Model', summary: 'What a model takes and gives' }),
    ApiJson(200, 'Images in, a score per label out.', 'Model', {
      name: NAME,
      versions: ['1'],
      platform: 'tensorflow_serving',
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
      outputs: [{ name: 'dense_7', datatype: 'FP32', shape: [-1, 10] }],
    }),
    unknownModel(),
    failed(),
    ApiProblem(503, 'The model is not available.'),
    tooSlow(),
  );
}

export function DescribeModelReady(): MethodDecorator {
  return applyDecorators(
    ApiInference({ operationId: 'v2ModelReady', summary: 'Whether a model answers predictions' }),
    ApiJson(200, 'It does.', 'ModelReady', { name: NAME, ready: true }),
    unknownModel(),
    failed(),
    ApiJson(503, 'It does not.', 'ModelReady', { name: NAME, ready: false }),
    tooSlow(),
  );
}

/** JSON with binary data behind it. */
const BINARY: Schema = {
  type: 'string',
  format: 'binary',
  description:
    'The JSON, as long as Inference-Header-Content-Length says, and behind it of each image or text ' +
    'its length, 4 bytes little-endian, and its bytes; of numbers their float32.',
};

const EXAMPLE_REQUEST = {
  id: '42',
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [EXAMPLE_IMAGE] }],
  outputs: [{ name: 'dense_7', parameters: { classification: 2 } }],
};

const EXAMPLE_ANSWER = {
  model_name: NAME,
  model_version: '1',
  id: '42',
  outputs: [
    {
      name: 'dense_7',
      datatype: 'BYTES',
      shape: [1, 2],
      data: ['5.038163:9:t-shirt', '0.860451:2:longsleeve'],
    },
  ],
};

export function DescribeInfer(): MethodDecorator {
  return applyDecorators(
    ApiInference({
      operationId: 'v2Infer',
      summary: "A model's raw output, or its best classes",
      description:
        'An image that cannot be read fails the request, whose detail says which. The type of the ' +
        'body is not looked at: with Inference-Header-Content-Length it is binary, else JSON.',
      requestBody: {
        required: true,
        content: {
          ...json(ref('InferRequest'), { 'the two best classes': { value: EXAMPLE_REQUEST } }),
          'application/octet-stream': { schema: BINARY },
        },
      },
    }),
    ApiHeader({
      name: 'Inference-Header-Content-Length',
      required: false,
      schema: { type: 'integer', minimum: 0, maximum: 9_999_999_999 },
      description: 'Of a body with binary data, the length of its JSON.',
    }),
    ApiResponse({
      status: 200,
      description: 'A row for each image, in their order; behind the JSON where that is asked for.',
      headers: {
        ...MODEL_VERSION_HEADER,
        'Inference-Header-Content-Length': {
          description: 'Of an answer with binary data, the length of its JSON.',
          schema: { type: 'string', pattern: '^[0-9]+$' },
        },
      },
      content: {
        ...json(ref('InferAnswer'), { 'the two best classes': { value: EXAMPLE_ANSWER } }),
        'application/octet-stream': { schema: BINARY },
      },
    }),
    ApiProblem(400, 'The request is not as expected.', 'INVALID_REQUEST'),
    unknownModel(),
    ApiProblem(413, 'Too many bytes or pixels.'),
    ApiProblem(415, 'Not an image that can be read.', 'UNSUPPORTED_IMAGE'),
    ApiProblem(422, 'An image is broken or cut short.'),
    ApiProblem(502, 'The model failed.', 'MODEL_FAILED'),
    ApiProblem(503, 'The model is not available, or there is too much work.'),
    ApiProblem(504, 'The whole request took too long.', 'DEADLINE_EXCEEDED'),
  );
}
