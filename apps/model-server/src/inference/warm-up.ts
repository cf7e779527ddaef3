import type { ModelRuntime } from './model-runtime.js';
import type { Signature, TensorSpec } from './signature.js';
import { zeros, type Values } from './values.js';

/**
 * Runs every signature once on zeros, one row of them, so that the first request does not pay for
 * what ONNX Runtime prepares lazily, and a model that cannot run at all is found out here.
 *
 * A signature whose inner sizes the graph leaves open may refuse the ones tried, and one that reads
 * text may refuse an empty one: only the rest must succeed.
 *
 * @throws SessionError where a signature of known sizes fails
 */
export async function warmUp(runtime: ModelRuntime): Promise<void> {
  for (const signature of runtime.signatures.values()) {
    const outputs = signature.outputs.map(({ alias }) => alias);
    try {
      await runtime.run(signature, zeroBatch(signature), outputs);
    } catch (error) {
      if (signature.inputs.every(isDefinite)) throw error;
    }
  }
}

function zeroBatch({ inputs }: Signature): Values {
  return Object.fromEntries(
    inputs.map(({ alias, type, shape = [] }) => [
      alias,
      zeros(
        type,
        shape.map((size) => (typeof size === 'string' ? 1 : size)),
      ),
    ]),
  );
}

function isDefinite({ type, shape }: TensorSpec): boolean {
  return type !== 'string' && shape?.slice(1).every((size) => typeof size === 'number') === true;
}
