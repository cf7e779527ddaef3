import { UNTIMED, type StageTimes } from './stage-times.js';

/** How a shadow's answer compares: `agreed` and `disagreed` on the best class. */
export type ShadowResult = 'agreed' | 'disagreed' | 'failed' | 'dropped';

/** Told of what one model of the catalogue does; for counting. */
export interface ModelObserver {
  readonly times: StageTimes;
  /** A version has answered for so many images; checks and shadows are not among them. */
  answered(version: string, images: number): void;
  /** @param difference the greatest of a probability, where the shadow has answered */
  shadowed(result: ShadowResult, difference?: number): void;
}

const ignore = (): void => undefined;

/** Where nobody counts. */
export const UNOBSERVED: ModelObserver = { times: UNTIMED, answered: ignore, shadowed: ignore };
