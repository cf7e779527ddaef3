export type { CallOptions } from './call.js';
export type { ServingClientOptions } from './channel.js';
export {
  DeadlineExceededError,
  ModelFailedError,
  ModelNotFoundError,
  ModelUnavailableError,
  OverloadedError,
} from './errors.js';
export type { PredictObserver } from './predict-observer.js';
export type { DraftInput, PredictDraft, PredictTemplate } from './predict-draft.js';
export type { Signature, SignatureTensor } from './signature.js';
export {
  ServingClient,
  type ModelRef,
  type ModelSignatures,
  type ModelVersion,
  type PredictCall,
  type Prediction,
  type TemplateCall,
} from './serving-client.js';
export {
  createServingClient,
  ServingClientModule,
  type ServingClientModuleOptions,
} from './serving-client.module.js';
