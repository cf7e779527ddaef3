import { DomainError } from '#errors';
import {
  bindSignature,
  encodeImage,
  expectGoldenScores,
  GoldenMismatchError,
  probabilitiesOf,
  SignatureMismatchError,
  type Golden,
  type ModelSpec,
} from '#model-spec';
import type { Preprocessor } from '#preprocessing';
import { createServingClient, type ServingClient } from '#serving-client';
import { InputError, ServerError, UsageError } from '../frame/index.js';
import { MAX_PIXELS } from '../images/limits.js';
import type { Failure } from './check-image.js';

const TIMEOUT_MS = 30_000;
const ADDRESS = /^grpc:\/\/([^\s/]+:\d{1,5})\/?$/;

/** A server to hold golden scores against. */
export class ScoreServer {
  private readonly client: ServingClient;

  /** @throws UsageError where the address is none */
  constructor(private readonly address: string) {
    const host = ADDRESS.exec(address)?.[1];
    if (host === undefined) {
      throw new UsageError(`${address}: expected grpc://host:port, of the gRPC API`);
    }
    this.client = createServingClient({ host });
  }

  close(): void {
    this.client.close();
  }

  /**
   * The version that serves, and what of its scores is not as expected.
   *
   * @param files of the golden images, in their order; undefined where one cannot be read
   * @throws ServerError where it does not answer; InputError where the spec does not fit its signature
   */
  async check(
    spec: ModelSpec,
    golden: Golden,
    files: readonly (Uint8Array | undefined)[],
    { preprocessor, signal }: { preprocessor: Preprocessor; signal: AbortSignal },
  ): Promise<{ readonly version: string; readonly failures: readonly Failure[] }> {
    const model = { name: spec.name };
    const call = () => ({ deadline: new Date(Date.now() + TIMEOUT_MS), signal });
    const failures: Failure[] = [];
    try {
      const { version, signatures } = await this.client.getSignatures(model, call());
      const { inputAlias, outputAlias, dtype, signatureName } = bindSignature(spec, signatures);
      for (const [index, image] of golden.images.entries()) {
        const file = files[index];
        if (file === undefined) continue;
        const options = { maxPixels: MAX_PIXELS, preprocessor, signal };
        const inputs = { [inputAlias]: await encodeImage(file, spec, dtype, options) };
        const outputFilter = [outputAlias];
        const request = { model: { ...model, version }, signatureName, inputs, outputFilter };
        const { outputs } = await this.client.predict(request, call());
        try {
          expectGoldenScores(
            golden,
            image,
            spec.labels,
            probabilitiesOf(outputs[outputAlias], spec),
          );
        } catch (error) {
          if (!(error instanceof GoldenMismatchError)) throw error;
          const message = error.message.replace(`${image.file}: `, '');
          failures.push({ image: image.file, stage: 'scores', message });
        }
      }
      return { version, failures };
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof SignatureMismatchError) {
        throw new InputError(`${spec.name} at ${this.address}: ${error.message}`, { cause: error });
      }
      if (!(error instanceof DomainError)) throw error;
      throw new ServerError(`${spec.name} at ${this.address}: ${error.publicMessage}`, {
        cause: error,
      });
    }
  }
}
