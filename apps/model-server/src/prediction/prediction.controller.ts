import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type {
  GetModelMetadataRequest,
  GetModelMetadataResponse,
  PredictRequest,
  PredictResponse,
} from '#protos';
import {
  missingModelSpec,
  noMetadataField,
  requestTooComplex,
  signatureNotFound,
  unsupportedMetadataField,
} from '../errors/messages.js';
import { encodeSignatureDefMap, type TooComplexRequest } from '../grpc/package-definition.js';
import type { Request } from '../inference/batch.js';
import { DEFAULT_SIGNATURE } from '../inference/model-runtime.js';
import { ModelCatalogue } from '../models/model-catalogue.js';
import { readInputs } from './inputs.js';
import { outputProto, selectOutputs } from './outputs.js';
import { PredictWatch } from './predict-watch.js';
import { signatureDef } from './signature-def.js';

const SIGNATURE_DEF = 'signature_def';

/**
 * tensorflow.serving.PredictionService. Methods that are not here, Classify among them, answer
 * UNIMPLEMENTED.
 */
@Controller()
export class PredictionController {
  constructor(
    private readonly catalogue: ModelCatalogue,
    private readonly watch: PredictWatch,
  ) {}

  @GrpcMethod('PredictionService', 'Predict')
  predict(
    request: PredictRequest | TooComplexRequest,
    metadata: Metadata,
    call: ServerUnaryCall<unknown, unknown>,
  ): Promise<PredictResponse> {
    return this.watch.watch(request, metadata, (onRun) => this.answer(request, call, onRun));
  }

  private async answer(
    request: PredictRequest | TooComplexRequest,
    call: ServerUnaryCall<unknown, unknown>,
    onRun: Request['onRun'],
  ): Promise<PredictResponse> {
    assertReadable(request);
    const { modelSpec, inputs, outputFilter = [] } = request;
    if (!modelSpec) throw missingModelSpec();
    const version = this.catalogue.find(modelSpec);
    const signatureName = modelSpec.signatureName || DEFAULT_SIGNATURE;
    const signature = version.signatures.get(signatureName);
    if (signature === undefined) throw signatureNotFound(signatureName);

    const values = readInputs(inputs, signature);
    const outputs = selectOutputs(outputFilter, signature);
    const results = await version.predict(
      { signature, inputs: values, outputs, onRun },
      cancellationOf(call),
    );
    return {
      modelSpec: {
        name: version.model,
        version: { value: String(version.version) },
        signatureName,
      },
      outputs: Object.fromEntries(outputs.map((alias) => [alias, outputProto(results[alias]!)])),
    };
  }

  @GrpcMethod('PredictionService', 'GetModelMetadata')
  getModelMetadata(request: GetModelMetadataRequest | TooComplexRequest): GetModelMetadataResponse {
    assertReadable(request);
    const { modelSpec, metadataField = [] } = request;
    if (!modelSpec) throw missingModelSpec();
    if (metadataField.length === 0) throw noMetadataField();
    const unsupported = metadataField.find((field) => field !== SIGNATURE_DEF);
    if (unsupported !== undefined) throw unsupportedMetadataField(unsupported);

    const { model, version, signatures } = this.catalogue.find(modelSpec);
    const signatureDefs = [...signatures].map(([name, signature]) => [
      name,
      signatureDef(signature),
    ]);
    return {
      modelSpec: { name: model, version: { value: String(version) } },
      metadata: {
        [SIGNATURE_DEF]: {
          type_url: 'type.googleapis.com/tensorflow.serving.SignatureDefMap',
          value: encodeSignatureDefMap({
            signatureDef: Object.fromEntries(signatureDefs) as Record<string, object>,
          }),
        },
      },
    };
  }
}

function assertReadable<Request extends object>(
  request: Request | TooComplexRequest,
): asserts request is Request {
  if ('tooComplex' in request) throw requestTooComplex('it holds too many elements');
}

/** Aborted when the caller cancels or disconnects, or its deadline passes. */
function cancellationOf(call: ServerUnaryCall<unknown, unknown>): AbortSignal {
  const controller = new AbortController();
  if (call.cancelled) controller.abort();
  else
    call.once('cancelled', () => {
      controller.abort();
    });
  return controller.signal;
}
