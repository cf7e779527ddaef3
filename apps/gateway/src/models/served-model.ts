import { createHash } from 'node:crypto';
import { DomainError } from '#errors';
import { ModelNotReadyError } from '../errors/errors.js';
import type { Call } from '../http/call.js';
import {
  bindInput,
  bindSignature,
  expectGoldenScores,
  expectGoldenTensor,
  probeImage,
  readGoldenImage,
  typicalImage,
  type Binding,
  type CatalogEntry,
  type Golden,
  type GoldenImage,
  type InputBinding,
  type ModelSpec,
} from '#model-spec';
import { decodesQuickly } from '#preprocessing';
import type { ModelRef, ModelSignatures, ServingClient } from '#serving-client';
import { Admission } from './admission.js';
import { Classifier, type Classification } from './classifier.js';
import {
  predictBatch,
  type BatchPrediction,
  type ImageKeeper,
  type ImageSource,
  type Spoils,
} from './predict-batch.js';
import { ServedSignature, type EncodingLimits } from './served-signature.js';
import { UNTIMED, type StageTimes } from './stage-times.js';
import { VersionWatch } from './version-watch.js';

export interface ServedModelOptions extends EncodingLimits {
  /** Whose raw outputs are asked for; undefined: the spec's, which gives scores too. */
  readonly signatureName: string | undefined;
  /** Hold every golden image against the model before it counts as ready. */
  readonly verifyGolden: boolean;
  readonly times: StageTimes;
  /** Told which version has answered, for how many images. */
  readonly answered?: (version: string, images: number) => void;
  /** Shown an image and what the model has said of it. */
  readonly shadow?: (file: Uint8Array, answer: Classification) => void;
}

/** One model of the catalogue at one version or label, as the serving backend has it now. */
export class ServedModel {
  readonly spec: ModelSpec;
  private signature: ServedSignature | undefined;
  private classifier: Classifier | undefined;
  private boundVersion: string | undefined;
  private readonly admission = new Admission((call) => this.check(call));
  /** Whether versions are checked before they answer; those that a request names are not. */
  private isChecked = false;
  private readonly inService = new VersionWatch();
  private digest: string | undefined;

  constructor(
    private readonly entry: CatalogEntry,
    private readonly client: ServingClient,
    private readonly ref: ModelRef,
    private readonly options: ServedModelOptions,
  ) {
    this.spec = entry.spec;
  }

  /** For what happens to an image before it comes here. */
  get times(): StageTimes {
    return this.options.times;
  }

  /**
   * What the model says of an image file.
   *
   * @param times for one who wants to know of this image alone, and tells the model's own
   * @throws ModelNotReadyError before the signature is known to fit; DomainErrors of the
   * preprocessing and of the serving client
   */
  async predict(file: Uint8Array, call: Call, times = this.times): Promise<Classification> {
    const askedAt = performance.now();
    const answer = await this.orAgain(call, () => this.scores.classify(file, call, times));
    if (this.isHeld(answer.version)) await this.admission.expect(answer.version, call);
    this.inService.hear(answer.version, askedAt);
    this.options.answered?.(answer.version, 1);
    this.options.shadow?.(file, answer);
    return answer;
  }

  /**
   * The version that serves; the backend is asked where it was not heard of just now.
   *
   * @throws as `predict`, of an image that can be read
   */
  async currentVersion(call: Call): Promise<string> {
    const { known } = this.inService;
    if (known !== undefined) return known;
    if (this.classifier === undefined) throw new ModelNotReadyError();
    const askedAt = performance.now();
    const { version } = await this.client.getSignatures(this.ref, call);
    this.inService.hear(version, askedAt);
    return version;
  }

  /** Equal for models that answer the same image with the same scores, at the same version. */
  get identity(): string {
    const { name, signature, image, scores, labels } = this.spec;
    return (this.digest ??= createHash('sha256')
      .update(JSON.stringify([name, signature, image, scores, labels]))
      .digest('base64url'));
  }

  /**
   * The raw outputs for many images.
   *
   * @throws as `predict`, where an image cannot be read only if that spoils the batch
   */
  async predictBatch(
    images: readonly ImageSource[],
    call: Call,
    spoils: Spoils,
    keeper?: ImageKeeper,
  ): Promise<BatchPrediction> {
    const answer = await this.orAgain(call, () => {
      if (this.signature === undefined) throw new ModelNotReadyError();
      return predictBatch(this.signature, images, call, this.times, spoils, keeper);
    });
    const { version, rows } = answer;
    if (version !== undefined) {
      for (const one of answer.versions.filter((each) => this.isHeld(each))) {
        await this.admission.expect(one, call);
      }
      this.options.answered?.(version, rows.filter((row) => typeof row === 'number').length);
    }
    return answer;
  }

  /**
   * How images are sent to it.
   *
   * @throws ModelNotReadyError as `predict`
   */
  get input(): InputBinding {
    if (this.signature === undefined) throw new ModelNotReadyError();
    return this.signature.binding;
  }

  /**
   * What is read from raw outputs.
   *
   * @throws ModelNotReadyError as `predict`
   */
  get scores(): Classifier {
    if (this.classifier === undefined) throw new ModelNotReadyError();
    return this.classifier;
  }

  /**
   * Finds the version in service, holds its signature against the spec and asks it one image;
   * what was found good is not asked again until another version serves.
   *
   * @returns the version that is fit to serve
   * @throws an Error that says what is amiss
   */
  async check(call: Call): Promise<string> {
    this.isChecked = true;
    const { version, signatures } = await this.serving(call);
    if (version === this.admission.version) return version;
    // By its number: another may serve before its last image has been asked.
    const ref = version === '' ? this.ref : { name: this.spec.name, version };
    const binding = bindSignature(this.spec, signatures);
    await this.verify(this.classifierOf(binding, ref), call);
    this.use(this.classifierOf(binding));
    this.admission.admit(version);
    return version;
  }

  private async serving(call: Call): Promise<ModelSignatures> {
    try {
      const statuses = await this.client.getModelStatus(this.statusRef(), call);
      if (!statuses.some(({ state }) => state === 'AVAILABLE')) throw new ModelNotReadyError();
      return await this.client.getSignatures(this.ref, call);
    } catch (error) {
      if (isOutage(error)) this.admission.forget();
      throw error;
    }
  }

  /** Whether an answer of this version has to wait until the version is known to be right. */
  private isHeld(version: string): boolean {
    return this.options.verifyGolden && this.isChecked && !this.admission.has(version);
  }

  /** What failed because another version is asked otherwise is asked once more, as that one wants it. */
  private async orAgain<T>(call: Call, ask: () => Promise<T>): Promise<T> {
    const before = this.admission.version;
    try {
      return await ask();
    } catch (error) {
      if (
        !this.isChecked ||
        !isRefusal(error) ||
        !(await this.admission.hasChanged(before, call))
      ) {
        throw error;
      }
      return ask();
    }
  }

  /**
   * Holds the signature of the version in service against the spec, and asks it no image.
   *
   * @throws SignatureMismatchError; DomainErrors of the serving client
   */
  async bind(call: Call): Promise<void> {
    const { version, signatures } = await this.client.getSignatures(this.ref, call);
    if (version === this.boundVersion) return;
    const { signatureName } = this.options;
    if (signatureName === undefined) {
      this.use(this.classifierOf(bindSignature(this.spec, signatures)));
    } else {
      this.signature = this.signatureOf(bindInput(this.spec, signatures, signatureName), []);
    }
    this.boundVersion = version;
  }

  private use(classifier: Classifier): void {
    this.classifier = classifier;
    this.signature = classifier.signature;
  }

  private classifierOf(binding: Binding, ref = this.ref): Classifier {
    const { outputAlias } = binding;
    return new Classifier(this.signatureOf(binding, [outputAlias], ref), outputAlias);
  }

  private signatureOf(
    binding: InputBinding,
    outputFilter: readonly string[],
    ref = this.ref,
  ): ServedSignature {
    return new ServedSignature(this.spec, ref, binding, outputFilter, this.client, this.options);
  }

  /** Checks tell no times: a model that is still cold would spoil what is told of predictions. */
  private async verify(classifier: Classifier, call: Call): Promise<void> {
    const { golden } = this.entry;
    if (golden !== undefined && this.options.verifyGolden) {
      await this.verifyGolden(classifier, golden, call);
      return;
    }
    const read = (image: GoldenImage): Uint8Array => readGoldenImage(this.entry.folder, image);
    // A thread that only starting needs would take 10 MiB.
    const image = golden && typicalImage(golden, (each) => decodesQuickly(read(each)));
    await classifier.classify(image === undefined ? probeImage() : read(image), call, UNTIMED);
  }

  private async verifyGolden(classifier: Classifier, golden: Golden, call: Call): Promise<void> {
    for (const image of golden.images) {
      const file = readGoldenImage(this.entry.folder, image);
      const rows = await classifier.encode(file, call, UNTIMED);
      expectGoldenTensor(image, rows.tensor(0));
      const { probabilities } = await classifier.ask(rows, call);
      expectGoldenScores(golden, image, this.spec.labels, probabilities);
    }
  }

  /** GetModelStatus knows versions, not labels. */
  private statusRef(): ModelRef {
    return { name: this.spec.name, version: this.ref.version };
  }
}

/** The backend says of the model that it cannot answer what it was asked. */
function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'MODEL_FAILED';
}

/** The backend is gone; what comes back in its place may be another. */
function isOutage(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'MODEL_UNAVAILABLE';
}
