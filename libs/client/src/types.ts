import type { components } from './openapi.js';

type Schemas = components['schemas'];

/** Stable codes of the gateway's problems. */
export type ProblemCode = Schemas['ErrorCode'];
/** An RFC 9457 problem as the gateway answers it. */
export type Problem = Schemas['Problem'];
/** What `/readyz` tells. */
export type ReadinessChecks = Schemas['Readiness']['checks'];
/** The versions of a model as TensorFlow Serving has them. */
export type ModelStatus = Schemas['ModelStatus'];
/** The signatures of a model as TensorFlow Serving has them. */
export type ModelMetadata = Schemas['ModelMetadata'];

/**
 * One image: a link for the gateway to fetch, base64 (a `data:` URI too), or the encoded bytes of a
 * file, however they are held.
 */
export type ImageInput =
  { readonly url: string } | { readonly base64: string } | Blob | Uint8Array | ArrayBuffer;

/** One version of a model: at most one of the two; none is what the gateway answers by default. */
export interface VersionChoice {
  /** A version's number. */
  readonly version?: string | number;
  /** A version's label, such as `stable`. */
  readonly label?: string;
}

export interface CallOptions {
  /** Ends the call, whose promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** For the whole call, waits and repetitions included; the client's where it is left out. */
  readonly timeoutMs?: number;
  /** The request's name in the gateway's log; a new one where it is left out. */
  readonly requestId?: string;
}

export interface PredictOptions extends CallOptions, VersionChoice {
  /** Answer only so many of the best classes. */
  readonly top?: number;
  /** Another model of the catalogue than the default one. */
  readonly model?: string;
}

export interface ClassScore {
  readonly label: string;
  /** 0 to 1. */
  readonly probability: number;
}

export interface Classification {
  /** Class → probability. */
  readonly scores: Readonly<Record<string, number>>;
  /** The same, best first. */
  readonly best: readonly ClassScore[];
}

/** What every answer tells besides. */
export interface AnswerInfo {
  /** The version of the model that answered; undefined where no image of a batch reached it. */
  readonly modelVersion: string | undefined;
  readonly requestId: string | undefined;
}

export interface Prediction extends Classification, AnswerInfo {}

export interface Readiness {
  readonly ready: boolean;
  /** By the name of a model: `up`, `down` or `degraded`, its version, or the reason. */
  readonly checks: ReadinessChecks;
}
