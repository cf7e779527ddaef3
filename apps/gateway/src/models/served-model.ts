import { ModelNotReadyError } from '../errors/errors.js';
import type { Call } from '../http/call.js';
import type {
  ModelRef,
  PredictDraft,
  PredictTemplate,
  ServingClient,
  TemplateCall,
} from '#serving-client';
import type { Tensor } from '#tensor';
import { bindSignature, type Binding } from './bind-signature.js';
import { encodeImage } from './encode-image.js';
import {
  expectGoldenScores,
  expectGoldenTensor,
  loadGolden,
  readGoldenImage,
  typicalImage,
  type Golden,
} from './golden.js';
import type { CatalogEntry } from './load-catalog.js';
import type { ModelSpec } from './model-spec.js';
import { probeImage } from './probe-image.js';
import { probabilitiesOf } from './scores.js';
import { Semaphore } from './semaphore.js';
import { timed, UNTIMED, type StageTimes } from './stage-times.js';

export interface ServedModelOptions {
  readonly maxPixels: number;
  readonly version: string | undefined;
  readonly versionLabel: string | undefined;
  /** Hold every golden image against the model before it counts as ready. */
  readonly verifyGolden: boolean;
  /** Bounds how many images are decoded side by side, and so the memory for their pixels. */
  readonly decoding: Semaphore;
  readonly times: StageTimes;
}

/** An image as it is sent: in a draft of the request where the dtype allows it. */
interface EncodedImage {
  readonly tensor: Tensor;
  readonly draft?: PredictDraft;
}

/** One model of the catalogue, as the serving backend has it now. */
export class ServedModel {
  readonly spec: ModelSpec;
  private readonly golden: Golden | undefined;
  private readonly folder: string;
  private binding: Binding | undefined;
  private readonly templates = new WeakMap<Binding, PredictTemplate>();
  private verifiedVersion: string | undefined;

  constructor(
    entry: CatalogEntry,
    private readonly client: ServingClient,
    private readonly options: ServedModelOptions,
  ) {
    this.spec = entry.spec;
    this.folder = entry.folder;
    this.golden = loadGolden(entry.folder);
  }

  /** For what happens to an image before it comes here. */
  get times(): StageTimes {
    return this.options.times;
  }

  get goldenImages(): number {
    return this.golden?.images.length ?? 0;
  }

  /**
   * An image file's probabilities, in the order of the spec's labels.
   *
   * @throws ModelNotReadyError before the signature is known to fit; DomainErrors of the
   * preprocessing and of the serving client
   */
  async predict(file: Uint8Array, call: Call): Promise<number[]> {
    if (this.binding === undefined) throw new ModelNotReadyError();
    const { binding } = this;
    const { times } = this.options;
    const image = await this.encode(file, binding, call.signal, times);
    return timed(times.infer, () => this.ask(image, binding, call));
  }

  /**
   * Finds the version in service, holds its signature against the spec and asks it one image;
   * what was found good is not asked again until another version serves.
   *
   * @returns the version that is fit to serve
   * @throws an Error that says what is amiss
   */
  async check(call: Call): Promise<string> {
    const statuses = await this.client.getModelStatus(this.statusRef(), call);
    if (!statuses.some(({ state }) => state === 'AVAILABLE')) throw new ModelNotReadyError();
    const { version, signatures } = await this.client.getSignatures(this.ref(), call);
    if (version === this.verifiedVersion) return version;
    const binding = bindSignature(this.spec, signatures);
    await this.verify(binding, call);
    this.binding = binding;
    this.verifiedVersion = version;
    return version;
  }

  private async verifyGolden(binding: Binding, golden: Golden, call: Call): Promise<void> {
    for (const image of golden.images) {
      const encoded = await this.encode(readGoldenImage(this.folder, image), binding, call.signal);
      expectGoldenTensor(image, encoded.tensor);
      const probabilities = await this.ask(encoded, binding, call);
      expectGoldenScores(golden, image, this.spec.labels, probabilities);
    }
  }

  private async verify(binding: Binding, call: Call): Promise<void> {
    if (this.golden !== undefined && this.options.verifyGolden) {
      await this.verifyGolden(binding, this.golden, call);
      return;
    }
    const golden = this.golden && typicalImage(this.golden);
    const file = golden === undefined ? probeImage() : readGoldenImage(this.folder, golden);
    await this.ask(await this.encode(file, binding, call.signal), binding, call);
  }

  /** Checks pass no times: a model that is still cold would spoil what is told of predictions. */
  private encode(
    file: Uint8Array,
    binding: Binding,
    signal: AbortSignal,
    times = UNTIMED,
  ): Promise<EncodedImage> {
    return this.options.decoding.run(async () => {
      signal.throwIfAborted();
      const template = this.templateOf(binding);
      // Taken only now, so that images which wait for their turn hold none.
      const draft = template === undefined ? undefined : this.client.draft(template);
      const { maxPixels } = this.options;
      try {
        const { dtype } = binding;
        const tensor = await encodeImage(file, this.spec, dtype, maxPixels, times, draft?.data);
        return { tensor, draft };
      } catch (error) {
        if (draft !== undefined) this.client.discard(draft);
        throw error;
      }
    });
  }

  private async ask(
    { tensor, draft }: EncodedImage,
    binding: Binding,
    call: Call,
  ): Promise<number[]> {
    const { outputs } =
      draft === undefined
        ? await this.client.predict(
            { ...this.requestOf(binding), inputs: { [binding.inputAlias]: tensor } },
            call,
          )
        : await this.client.predictDraft(draft, call);
    return probabilitiesOf(outputs[binding.outputAlias], this.spec);
  }

  /** Undefined where the tensor is not written as it is sent: halves and files are made elsewhere. */
  private templateOf(binding: Binding): PredictTemplate | undefined {
    const { dtype, inputAlias: alias } = binding;
    if (dtype !== 'DT_FLOAT' && dtype !== 'DT_UINT8') return undefined;
    let template = this.templates.get(binding);
    if (template === undefined) {
      const input = { alias, dtype, shape: [1, ...this.spec.image.size, 3] };
      template = this.client.template({ ...this.requestOf(binding), input });
      this.templates.set(binding, template);
    }
    return template;
  }

  private requestOf({ signatureName, outputAlias }: Binding): Omit<TemplateCall, 'input'> {
    return { model: this.ref(), signatureName, outputFilter: [outputAlias] };
  }

  private ref(): ModelRef {
    const { version, versionLabel } = this.options;
    return { name: this.spec.name, version, versionLabel };
  }

  /** GetModelStatus knows versions, not labels. */
  private statusRef(): ModelRef {
    return { name: this.spec.name, version: this.options.version };
  }
}
