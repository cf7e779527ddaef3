import { DomainError, type ErrorCode } from '#errors';
import { NeedsLibvipsError } from '../errors.js';
import type { ImageTensor } from '../preprocess.js';

/** What comes of an image beside the event loop, as it can be told to another thread or process. */
export type Outcome =
  | { readonly tensor: ImageTensor }
  | { readonly refused: { code: ErrorCode; publicMessage: string; name: string } }
  /** Only libvips can tell. */
  | { readonly left: true }
  | { readonly failed: string };

/** With it comes back what the thread was given to write to. */
export interface ThreadOutcome {
  readonly outcome: Outcome;
  readonly out: Float32Array | Uint8Array | undefined;
}

/** Never rejects. */
export async function outcomeOf(work: () => Promise<ImageTensor>): Promise<Outcome> {
  try {
    return { tensor: await work() };
  } catch (error) {
    if (error instanceof NeedsLibvipsError) return { left: true };
    if (error instanceof DomainError) {
      const { code, publicMessage, name } = error;
      return { refused: { code, publicMessage, name } };
    }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** What an outcome without a tensor stands for. */
export function failureOf(outcome: Exclude<Outcome, { tensor: unknown }>): Error {
  if ('left' in outcome) return new NeedsLibvipsError();
  if ('failed' in outcome) return new Error(outcome.failed);
  const { code, publicMessage, name } = outcome.refused;
  return Object.assign(new DomainError(code, publicMessage), { name });
}
