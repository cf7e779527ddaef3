import { status } from '@grpc/grpc-js';
import type {
  GetModelMetadataRequest,
  GetModelMetadataResponse,
  GetModelStatusRequest,
  GetModelStatusResponse,
  ModelSpec,
  ModelState,
  PredictResponse,
} from '#protos';
import { fromTensorProto, type Tensor } from '#tensor';
import { BufferPool } from '#buffer-pool';
import { carried, failureOf, unary, type CallOptions, type UnaryMethod } from './call.js';
import type { CallError } from './call-error.js';
import { MAX_ANSWER_BYTES } from './channel.js';
import { ModelFailedError, ModelNotFoundError } from './errors.js';
import { distrust } from './least-loaded.js';
import { frameMessage, PREFIX_BYTES } from './message-frame.js';
import { predictMethod } from './package-definition.js';
import type { ModelRef, PredictCall, TemplateCall } from './predict-call.js';
import { PredictTemplate, type PredictDraft } from './predict-draft.js';
import { encodePredict } from './predict-message.js';
import { type PredictObserver, tellBackend } from './predict-observer.js';
import type { ReadyConnections } from './ready-connections.js';
import { Retries } from './retries.js';
import { signaturesFromAny, type Signature } from './signature.js';
import { callUnary } from './unary-stream.js';

export interface Prediction {
  model: string;
  /** The version that answered. */
  version: string;
  signatureName: string;
  /** By output alias. */
  outputs: Record<string, Tensor>;
  /** Address of the server that answered. */
  backend: string | undefined;
}

export interface ModelVersion {
  version: string;
  state: ModelState;
  /** `OK` where it loaded, else gRPC's name of why it did not. */
  errorCode: string;
  /** Why it failed to load; empty where it did not. */
  errorMessage: string;
}

export interface ModelSignatures {
  version: string;
  /** By signature name. */
  signatures: Record<string, Signature>;
}

interface PredictionService {
  predict: UnaryMethod<Buffer, PredictResponse>;
  getModelMetadata: UnaryMethod<GetModelMetadataRequest, GetModelMetadataResponse>;
}

interface ModelService {
  getModelStatus: UnaryMethod<GetModelStatusRequest, GetModelStatusResponse>;
}

/** What is used of Nest's `ClientGrpc`. */
export interface GrpcClient {
  getService(name: string): object;
  close(): unknown;
}

interface Attempt {
  readonly frame: Buffer;
  readonly call: CallOptions;
  /** Of the last server that was asked. */
  backend: string | undefined;
}

const MAX_VERSION = 2n ** 63n - 1n;
const MAX_POOLED_BYTES = 32 * 1024 * 1024;

/**
 * TensorFlow Serving's PredictionService and ModelService. Every method rejects with a `DomainError`
 * of this library, or with the reason of the caller's own signal. What a lost connection or a server
 * that shuts down costs is tried again, twice at most, before the deadline.
 */
export class ServingClient {
  private readonly predictionService: PredictionService;
  private readonly modelService: ModelService;
  private readonly pools = {
    own: new BufferPool(MAX_POOLED_BYTES, 'own'),
    shared: new BufferPool(MAX_POOLED_BYTES, 'shared'),
  };

  private readonly retries = new Retries();

  constructor(
    private readonly grpc: GrpcClient,
    private readonly connections: ReadyConnections,
    private readonly observer?: PredictObserver,
  ) {
    this.predictionService = grpc.getService('PredictionService') as PredictionService;
    this.modelService = grpc.getService('ModelService') as ModelService;
  }

  /**
   * Runs a signature. The inputs' arrays must not change until it settles; the outputs may be views
   * of the received message.
   * @throws InvalidTensorError where an input contradicts itself.
   */
  async predict(request: PredictCall, call: CallOptions): Promise<Prediction> {
    const { model, signatureName, inputs, outputFilter = [] } = request;
    const modelSpec = { ...toModelSpec(model), signatureName };
    const pieces = encodePredict({ modelSpec, inputs, outputFilter });
    const frame = this.pools.own.join(pieces, PREFIX_BYTES);
    frameMessage(frame);
    return this.send(request, frame, call);
  }

  /** For many calls that differ in nothing but the elements of their one input. */
  template(request: TemplateCall): PredictTemplate {
    const { model, signatureName } = request;
    return new PredictTemplate({ ...toModelSpec(model), signatureName }, request);
  }

  /**
   * A request to be filled in and then given to either `predictDraft` or `discard`, once.
   *
   * @param memory `shared` where several threads fill it in
   */
  draft(template: PredictTemplate, memory: 'own' | 'shared' = 'own'): PredictDraft {
    return template.draft(this.pools[memory]);
  }

  /** As `predict`, with the elements sent from where the draft holds them; the draft is used up. */
  predictDraft({ request, frame }: PredictDraft, call: CallOptions): Promise<Prediction> {
    return this.send(request, frame, call);
  }

  /** Takes back a draft that is not sent. */
  discard(draft: PredictDraft): void {
    if (!draft.isLost) this.release(draft.frame);
  }

  private release(frame: Buffer): void {
    // Each takes what is its own.
    this.pools.own.release(frame);
    this.pools.shared.release(frame);
  }

  private async send(
    { model, signatureName, outputFilter = [] }: Omit<PredictCall, 'inputs'>,
    frame: Buffer,
    call: CallOptions,
  ): Promise<Prediction> {
    const { deadline, signal } = call;
    if (signal?.aborted) {
      this.release(frame);
      throw signal.reason;
    }
    const observed = this.observer?.started(model.name);
    const metadata = carried({ ...call.metadata, ...observed?.metadata });
    const attempt: Attempt = { frame, call: { deadline, metadata, signal }, backend: undefined };
    let response: PredictResponse;
    try {
      response = await this.ask(attempt);
      observed?.ended(status[status.OK], attempt.backend);
    } catch (error) {
      const code = signal?.aborted ? status.CANCELLED : (error as CallError).code;
      observed?.ended(status[code], attempt.backend);
      throw failureOf(error, signal);
    } finally {
      // HTTP/2 may still hold on to what it did not send of a call that failed, but only for streams that
      // are closed: nobody reads what may come of them. In an outage every call fails, and memory for each
      // that is only collected in time adds up.
      this.release(frame);
    }
    const { backend } = attempt;
    const { modelSpec: answered, outputs = {} } = response;
    const read = (): Record<string, Tensor> => {
      const missing = outputFilter.filter((alias) => !Object.hasOwn(outputs, alias));
      if (missing.length > 0 || Object.keys(outputs).length === 0) {
        throw new Error(`The answer lacks outputs: ${missing.join(', ') || 'it has none'}`);
      }
      return Object.fromEntries(
        Object.entries(outputs).map(([alias, proto]) => [alias, fromTensorProto(proto)]),
      );
    };
    try {
      return {
        model: answered?.name || model.name,
        version: answered?.version?.value?.toString() ?? '',
        signatureName: answered?.signatureName || signatureName,
        outputs: usable(read),
        backend,
      };
    } catch (error) {
      this.distrust({ backend });
      throw error;
    }
  }

  private async ask(attempt: Attempt): Promise<PredictResponse> {
    let response: PredictResponse;
    try {
      response = await this.askOnce(attempt);
    } catch (error) {
      response = await this.retries.after(error, () => this.askOnce(attempt), attempt.call);
    }
    this.retries.succeeded();
    return response;
  }

  private askOnce(attempt: Attempt): Promise<PredictResponse> {
    const { frame, call } = attempt;
    const connection = this.connections.choose();
    attempt.backend = connection?.address;
    if (connection === undefined) {
      // The channel connects, or says why it cannot.
      const message = frame.subarray(PREFIX_BYTES);
      const tell = tellBackend((backend) => (attempt.backend = backend));
      return unary(this.predictionService.predict, message, call, [tell]);
    }
    const { path, responseDeserialize: read } = predictMethod;
    return callUnary(connection, { path, frame, maxAnswerBytes: MAX_ANSWER_BYTES, read }, call);
  }

  /**
   * Says that a prediction cannot be used: other servers are asked for a while, as after a call that
   * failed.
   */
  distrust({ backend }: Pick<Prediction, 'backend'>): void {
    if (backend !== undefined) distrust(backend);
  }

  /** The versions that the server knows of, in its order, whatever their state. */
  async getModelStatus(model: ModelRef, call: CallOptions): Promise<ModelVersion[]> {
    const request = { modelSpec: toModelSpec(model) };
    const response = await failing(unary(this.modelService.getModelStatus, request, call), call);
    return (response.modelVersionStatus ?? []).map(({ version = '0', state, status: reason }) => ({
      version,
      state: typeof state === 'string' ? state : 'UNKNOWN',
      errorCode: status[reason?.errorCode ?? 0] ?? 'UNKNOWN',
      errorMessage: reason?.errorMessage ?? '',
    }));
  }

  /** What the model can be called with. */
  async getSignatures(model: ModelRef, call: CallOptions): Promise<ModelSignatures> {
    const request = { modelSpec: toModelSpec(model), metadataField: ['signature_def'] };
    const ask = () => unary(this.predictionService.getModelMetadata, request, call);
    const answered = ask().catch((error: unknown) => this.retries.after(error, ask, call));
    const response = await failing(answered, call);
    return {
      version: response.modelSpec?.version?.value?.toString() ?? '',
      signatures: usable(() => signaturesFromAny(response.metadata?.['signature_def'])),
    };
  }

  /** Gives the connections up; calls in flight may still finish, later ones fail. */
  close(): void {
    this.grpc.close();
  }
}

function toModelSpec({ name, version, versionLabel }: ModelRef): ModelSpec {
  if (version === undefined) {
    return { name, versionLabel };
  }
  // Encoding would wrap what exceeds an int64, and ask for another version.
  if (!/^\d{1,19}$/.test(version) || BigInt(version) > MAX_VERSION) {
    throw new ModelNotFoundError({ cause: new Error(`Not a version: ${version}`) });
  }
  return { name, version: { value: version } };
}

function failing<Response>(
  response: Promise<Response>,
  { signal }: CallOptions,
): Promise<Response> {
  return response.catch((error: unknown) => {
    throw failureOf(error, signal);
  });
}

function usable<Part>(read: () => Part): Part {
  try {
    return read();
  } catch (cause) {
    throw new ModelFailedError({ cause });
  }
}
