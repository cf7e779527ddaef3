import { classificationOf, placeOf, type BatchPlace } from './classification.js';
import { GatewayError } from './errors.js';
import { imageBody, imagesBody, type Body } from './image-body.js';
import type { components } from './openapi.js';
import { Transport, type TransportOptions } from './transport.js';
import type {
  AnswerInfo,
  CallOptions,
  ImageInput,
  ModelMetadata,
  ModelStatus,
  Prediction,
  PredictOptions,
  Readiness,
  VersionChoice,
} from './types.js';

type Schemas = components['schemas'];

export type GatewayClientOptions = TransportOptions;

export interface BatchPrediction extends AnswerInfo {
  /** One for each image, in their order. */
  readonly places: readonly BatchPlace[];
}

/** A client of one image-classification gateway. It keeps nothing between calls. */
export class GatewayClient {
  private readonly transport: Transport;

  /** @throws TypeError where the URL is none */
  constructor(options: GatewayClientOptions) {
    this.transport = new Transport(options);
  }

  /**
   * The classes of one image.
   *
   * @throws GatewayError; the reason of the signal
   */
  async predict(image: ImageInput, options: PredictOptions = {}): Promise<Prediction> {
    const call = predictCall('predict', imageBody(image), options);
    const { answer, response } = await this.transport.ask(call);
    return { ...classificationOf(answer as Schemas['Scores']), ...infoOf(response) };
  }

  /**
   * The classes of several images, which go to the model together. An image that cannot be had or
   * read has its error in its own place.
   *
   * @throws GatewayError of the request as a whole; the reason of the signal
   */
  async predictBatch(
    images: readonly ImageInput[],
    options: PredictOptions = {},
  ): Promise<BatchPrediction> {
    const call = predictCall('predict/batch', await imagesBody(images), options);
    const { answer, response } = await this.transport.ask(call);
    const { predictions } = answer as Schemas['Predictions'];
    return { places: predictions.map(placeOf), ...infoOf(response) };
  }

  /** The names of the models in the catalogue. @throws GatewayError; the reason of the signal */
  async models(options: CallOptions = {}): Promise<readonly string[]> {
    const call = { ...options, path: 'v1/models' };
    const { answer } = await this.transport.ask(call);
    return (answer as Schemas['ModelNames']).models;
  }

  /** The versions of a model and their states. @throws GatewayError; the reason of the signal */
  async modelStatus(name: string, options: CallOptions & VersionChoice = {}): Promise<ModelStatus> {
    const call = { ...options, path: pathOf(name, options) };
    return (await this.transport.ask(call)).answer as ModelStatus;
  }

  /** The signatures of a model. @throws GatewayError; the reason of the signal */
  async modelMetadata(
    name: string,
    options: CallOptions & VersionChoice = {},
  ): Promise<ModelMetadata> {
    const call = { ...options, path: `${pathOf(name, options)}/metadata` };
    return (await this.transport.ask(call)).answer as ModelMetadata;
  }

  /** Whether the gateway answers at all. @throws the reason of the signal */
  async isLive(options: CallOptions = {}): Promise<boolean> {
    try {
      await this.transport.ask({ ...options, path: 'livez' });
      return true;
    } catch (error) {
      if (error instanceof GatewayError) return false;
      throw error;
    }
  }

  /** Whether predictions can be asked for. @throws GatewayError; the reason of the signal */
  async readiness(options: CallOptions = {}): Promise<Readiness> {
    const call = { ...options, path: 'readyz', alsoAnswer: 503 };
    const { answer, response } = await this.transport.ask(call);
    return { ready: response.ok, checks: (answer as Schemas['Readiness']).checks };
  }
}

function predictCall(path: string, body: Body, options: PredictOptions) {
  const { top, model, version, label, ...others } = options;
  return { ...others, path, body, query: { top, model, version, label } };
}

function pathOf(name: string, { version, label }: VersionChoice): string {
  const model = `v1/models/${encodeURIComponent(name)}`;
  if (version !== undefined) return `${model}/versions/${encodeURIComponent(version)}`;
  return label === undefined ? model : `${model}/labels/${encodeURIComponent(label)}`;
}

function infoOf({ headers }: Response): AnswerInfo {
  return {
    modelVersion: headers.get('x-model-version') ?? undefined,
    requestId: headers.get('x-request-id') ?? undefined,
  };
}
