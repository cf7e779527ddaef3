export type { CallOptions } from './call.js';
export type { ServingClientOptions } from './channel.js';
export {
  DeadlineExceededError,
  ModelFailedError,
  ModelNotFoundError,
  ModelUnavailableError,
  OverloadedError,
} from './errors.js';
export type { ObservedCall, PredictObserver } from './predict-observer.js';
export type { DraftInput, ModelRef, PredictCall, TemplateCall } from './predict-call.js';
export type { PredictDraft, PredictTemplate } from './predict-draft.js';
export { toSignature, type Signature, type SignatureTensor } from './signature.js';
export {
  ServingClient,
  type ModelSignatures,
  type ModelVersion,
  type Prediction,
} from './serving-client.js';
export {
  createServingClient,
  ServingClientModule,
  type ServingClientModuleOptions,
} from './serving-client.module.js';
