import { bindInput, SignatureMismatchError, type InputBinding, type ModelSpec } from '#model-spec';
import type { Signature } from '#serving-client';
import { InputError } from '../frame/index.js';

export interface ChosenSignatures {
  readonly bindings: readonly InputBinding[];
  /** Those that do not take the spec's images, and why. */
  readonly skipped: readonly { readonly signature: string; readonly reason: string }[];
}

/**
 * The signatures that the spec's images can be sent to: all of them, or the named ones.
 *
 * @throws InputError where there is none, or a named one does not take the images
 */
export function chooseSignatures(
  signatures: Readonly<Record<string, Signature>>,
  spec: ModelSpec,
  named: readonly string[] | undefined,
): ChosenSignatures {
  const bindings: InputBinding[] = [];
  const skipped: { signature: string; reason: string }[] = [];
  for (const signature of named ?? Object.keys(signatures)) {
    try {
      bindings.push(bindInput(spec, signatures, signature));
    } catch (error) {
      if (!(error instanceof SignatureMismatchError)) throw error;
      if (named !== undefined)
        throw new InputError(`${signature}: ${error.message}`, { cause: error });
      skipped.push({ signature, reason: error.message });
    }
  }
  if (bindings.length > 0) return { bindings, skipped };
  const reasons = skipped.map(({ signature, reason }) => `${signature}: ${reason}`).join('; ');
  throw new InputError(`No signature takes the spec's images: ${reasons || 'there is none'}`);
}
