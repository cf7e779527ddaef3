import { DomainError } from '#errors';
import {
  ModelNotFoundError,
  type ModelSignatures,
  type ModelVersion,
  type ServingClient,
} from '#serving-client';
import { InvalidRequestError, ModelNotReadyError } from '../errors/errors.js';
import type { Call } from '../http/call.js';
import { SignatureMismatchError } from './bind-signature.js';
import type { CatalogEntry } from './load-catalog.js';
import { LruMap } from './lru-map.js';
import type { ModelSpec } from './model-spec.js';
import { ServedModel, type ServedModelOptions } from './served-model.js';
import type { StageTimes } from './stage-times.js';
import { isDefault, keyOf, type VersionChoice } from './version-choice.js';

/** Versions and labels that callers choose between at once; others are looked at again. */
const MAX_CHOICES = 16;
/** As long as the monitor takes a version of its own for unchanged. */
const CHOICE_FRESH_MS = 2000;

export interface CatalogModelOptions extends Omit<ServedModelOptions, 'signatureName'> {
  /** Which version answers requests that choose none. */
  readonly version: string | undefined;
  readonly versionLabel: string | undefined;
}

interface Chosen {
  readonly model: ServedModel;
  readonly foundAt: number;
}

/** One spec of the catalogue, and the versions of its model that requests may choose. */
export class CatalogModel {
  readonly spec: ModelSpec;
  private readonly served: ServedModel;
  private readonly chosen = new LruMap<string, Chosen>(MAX_CHOICES);

  constructor(
    readonly entry: CatalogEntry,
    private readonly client: ServingClient,
    private readonly options: CatalogModelOptions,
  ) {
    this.spec = entry.spec;
    const { version, versionLabel } = options;
    this.served = this.servedAs({ version, versionLabel });
  }

  /** For what happens to an image before a version is asked. */
  get times(): StageTimes {
    return this.options.times;
  }

  get goldenImages(): number {
    return this.entry.golden?.images.length ?? 0;
  }

  /**
   * The version that a request means. One that the request names is looked up at the backend and its
   * signature held against the spec; what was found holds for two seconds, and a caller's words are
   * kept only where the backend knows them.
   *
   * @throws ModelNotFoundError where the backend has no such version, label or signature;
   * ModelNotReadyError where its signature does not fit the spec, InvalidRequestError where one that
   * the request names does not
   */
  async choose(choice: VersionChoice, call: Call): Promise<ServedModel> {
    if (isDefault(choice)) return this.served;
    const key = keyOf(choice);
    const known = this.chosen.get(key);
    if (known !== undefined && Date.now() - known.foundAt < CHOICE_FRESH_MS) return known.model;
    const model = known?.model ?? this.servedAs(choice);
    try {
      await model.bind(call);
    } catch (error) {
      if (isPassing(error) && known !== undefined) return known.model;
      this.chosen.delete(key);
      throw error instanceof SignatureMismatchError ? refusalOf(error, choice) : error;
    }
    this.chosen.set(key, { model, foundAt: Date.now() });
    return model;
  }

  /** As `ServedModel.check`, of the version that answers by default. */
  check(call: Call): Promise<string> {
    return this.served.check(call);
  }

  /**
   * The backend's versions of the model, whatever their state: all, or the one that is chosen.
   *
   * @throws DomainErrors of the serving client
   */
  async statuses({ version, versionLabel }: VersionChoice, call: Call): Promise<ModelVersion[]> {
    // GetModelStatus knows versions, not labels.
    const number =
      versionLabel === undefined
        ? version
        : (await this.signatures({ versionLabel }, call)).version;
    return this.client.getModelStatus({ name: this.spec.name, version: number }, call);
  }

  /**
   * What a version can be called with.
   *
   * @throws DomainErrors of the serving client
   */
  signatures({ version, versionLabel }: VersionChoice, call: Call): Promise<ModelSignatures> {
    return this.client.getSignatures({ name: this.spec.name, version, versionLabel }, call);
  }

  private servedAs({ version, versionLabel, signatureName }: VersionChoice): ServedModel {
    const ref = { name: this.spec.name, version, versionLabel };
    return new ServedModel(this.entry, this.client, ref, {
      ...this.options,
      signatureName,
    });
  }
}

/** Says nothing of the version, only of the backend's state. */
function isPassing(error: unknown): boolean {
  return error instanceof DomainError && error.code !== 'MODEL_NOT_FOUND';
}

function refusalOf(cause: SignatureMismatchError, { signatureName }: VersionChoice): DomainError {
  if (signatureName === undefined) return new ModelNotReadyError({ cause });
  if (cause.isMissing) return new ModelNotFoundError({ cause });
  return new InvalidRequestError("The signature does not take the model's images.", { cause });
}
