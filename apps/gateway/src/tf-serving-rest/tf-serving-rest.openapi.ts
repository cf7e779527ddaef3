import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../errors/problem.openapi.js';
import { EXAMPLE_IMAGE, EXAMPLE_LINK } from '../images/image.openapi.js';
import { json, ref } from '../openapi/schema.js';
import { MODEL_VERSION_HEADER } from '../prediction/predict.openapi.js';
import { EXAMPLE_METADATA, EXAMPLE_OUTPUTS, EXAMPLE_STATUS } from './examples.openapi.js';

function ApiTfServing(operation: Parameters<typeof ApiOperation>[0]): MethodDecorator {
  return applyDecorators(ApiTags('TensorFlow Serving REST, KServe v1'), ApiOperation(operation));
}

/** What goes wrong where a model is asked about itself. */
function ApiModelProblems(): MethodDecorator {
  return applyDecorators(
    ApiProblem(404, 'No such model, or no such version or label of it.'),
    ApiProblem(502, 'The model server failed.', 'MODEL_FAILED'),
    ApiProblem(503, 'The model server does not answer.'),
    ApiProblem(504, 'The model server did not answer in time.', 'DEADLINE_EXCEEDED'),
  );
}

export function DescribeModels(): MethodDecorator {
  return applyDecorators(
    ApiTfServing({ operationId: 'v1Models', summary: 'The names of the models' }),
    ApiResponse({
      status: 200,
      description: 'All of the catalogue.',
      content: json(ref('ModelNames'), { one: { value: { models: ['clothing-model'] } } }),
    }),
  );
}

export function DescribeStatus(): MethodDecorator {
  return applyDecorators(
    ApiTfServing({ operationId: 'v1ModelStatus', summary: 'The versions of a model' }),
    ApiResponse({
      status: 200,
      description: 'Those that the model server knows of, whatever their state.',
      content: json(ref('ModelStatus'), { ready: { value: EXAMPLE_STATUS } }),
    }),
    ApiModelProblems(),
  );
}

export function DescribeMetadata(): MethodDecorator {
  return applyDecorators(
    ApiTfServing({
      operationId: 'v1ModelMetadata',
      summary: 'The signatures of a model',
      description:
        'As TensorFlow Serving has them. The tensors that they take are made of images here.',
    }),
    ApiResponse({
      status: 200,
      description: 'SignatureDefMap as JSON.',
      content: json(ref('ModelMetadata'), { 'clothing-model': { value: EXAMPLE_METADATA } }),
    }),
    ApiModelProblems(),
  );
}

export function DescribePredictOutputs(): MethodDecorator {
  return applyDecorators(
    ApiTfServing({
      operationId: 'v1Predict',
      summary: "A model's raw outputs",
      description:
        'Values that are not finite are written as NaN, Infinity and -Infinity. An image that cannot ' +
        'be had or read fails the request, whose detail says which. The type of the body is not looked at.',
      requestBody: {
        required: true,
        content: json(ref('PredictInputs'), {
          rows: { value: { instances: [{ b64: EXAMPLE_IMAGE }] } },
          columns: { value: { inputs: { image: [{ b64: EXAMPLE_IMAGE }] } } },
          links: { value: { instances: [{ url: EXAMPLE_LINK }, { b64: EXAMPLE_IMAGE }] } },
        }),
      },
    }),
    ApiResponse({
      status: 200,
      description: 'A row for each image, in their order.',
      headers: MODEL_VERSION_HEADER,
      content: json(ref('PredictOutputs'), {
        rows: { value: { predictions: EXAMPLE_OUTPUTS } },
        columns: { value: { outputs: EXAMPLE_OUTPUTS } },
      }),
    }),
    ApiProblem(400, 'The request, or a link in it, is not as expected.'),
    ApiProblem(404, 'No such model, or no such version, label or signature of it.'),
    ApiProblem(413, 'Too many bytes or pixels.'),
    ApiProblem(415, 'Not an image that can be read.', 'UNSUPPORTED_IMAGE'),
    ApiProblem(422, 'An image is broken or cut short.'),
    ApiProblem(502, "A link's server or the model failed."),
    ApiProblem(503, 'The model is not available, or there is too much work.'),
    ApiProblem(504, "A link's server or the whole request took too long."),
  );
}
