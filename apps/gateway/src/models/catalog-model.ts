import { DomainError } from '#errors';
import { SignatureMismatchError, type CatalogEntry, type ModelSpec } from '#model-spec';
import {
  ModelNotFoundError,
  type ModelSignatures,
  type ModelVersion,
  type ServingClient,
} from '#serving-client';
import { InvalidRequestError, ModelNotReadyError } from '../errors/errors.js';
import type { Call } from '../http/call.js';
import { LruMap } from './lru-map.js';
import type { ModelObserver } from './model-observer.js';
import { ServedModel, type ServedModelOptions } from './served-model.js';
import { Shadow } from './shadow.js';
import { UNTIMED, type StageTimes } from './stage-times.js';
import { Traffic } from './traffic.js';
import { isDefault, keyOf, type VersionChoice } from './version-choice.js';
import { WatchedVersion } from './watched-version.js';

/** Versions and labels that callers choose between at once; others are looked at again. */
const MAX_CHOICES = 16;
/** As long as the monitor takes a version of its own for unchanged. */
const CHOICE_FRESH_MS = 2000;

export interface CatalogModelOptions extends Omit<
  ServedModelOptions,
  'signatureName' | 'times' | 'answered' | 'shadow'
> {
  /** Which version answers requests that choose none, where the spec does not say. */
  readonly version: string | undefined;
  readonly versionLabel: string | undefined;
  readonly observer: ModelObserver;
}

/** What a check found: versions that are fit, and what is amiss with others that the spec names. */
export interface CheckedVersions {
  readonly versions: readonly string[];
  /** By the name of the version or label. */
  readonly failures: ReadonlyMap<string, unknown>;
}

interface Chosen {
  readonly model: ServedModel;
  readonly foundAt: number;
}

/** One spec of the catalogue, and the versions of its model that requests may choose. */
export class CatalogModel {
  readonly spec: ModelSpec;
  private readonly shadow: Shadow | undefined;
  private readonly traffic: Traffic;
  private readonly chosen = new LruMap<string, Chosen>(MAX_CHOICES);

  constructor(
    readonly entry: CatalogEntry,
    private readonly client: ServingClient,
    private readonly options: CatalogModelOptions,
  ) {
    this.spec = entry.spec;
    const { traffic, shadow } = entry.spec;
    if (shadow !== undefined) {
      const candidate = new WatchedVersion(
        `shadow ${nameOf(shadow)}`,
        this.asked(choiceOf(shadow)),
      );
      this.shadow = new Shadow(candidate, shadow.fraction, options.observer, options.preprocessor);
    }
    this.traffic = new Traffic(
      (traffic ?? [{ version: options.version, label: options.versionLabel, weight: 1 }]).map(
        (share) => ({
          version: new WatchedVersion(nameOf(share), this.served(choiceOf(share), this.shadow)),
          weight: share.weight,
        }),
      ),
    );
  }

  /** For what happens to an image before a version is asked. */
  get times(): StageTimes {
    return this.options.observer.times;
  }

  /** The labels that the spec and the configuration name: a backend does not tell which it has. */
  get versionLabels(): string[] {
    const { traffic = [], shadow } = this.spec;
    const labels = [...traffic, shadow].map((target) => target?.label);
    const named = [this.options.versionLabel, ...labels];
    return [...new Set(named.filter((label) => label !== undefined))];
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
    if (isDefault(choice)) return this.traffic.pick().model;
    const key = keyOf(choice);
    const known = this.chosen.get(key);
    if (known !== undefined && Date.now() - known.foundAt < CHOICE_FRESH_MS) return known.model;
    const model = known?.model ?? this.served(choice);
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

  /**
   * Checks every version that the spec or the configuration names.
   *
   * @throws what is amiss, as `ServedModel.check`, where no version is fit that requests would get
   */
  async check(call: Call): Promise<CheckedVersions> {
    const { shares } = this.traffic;
    const failures = new Map<string, unknown>();
    const versions = new Set<string>();
    const check = async (version: WatchedVersion): Promise<string | undefined> => {
      try {
        return await version.check(call);
      } catch (error) {
        failures.set(version.name, error);
        return undefined;
      }
    };
    const [found] = await Promise.all([
      Promise.all(shares.map(({ version }) => check(version))),
      this.shadow && check(this.shadow.candidate),
    ]);
    for (const [index, { weight }] of shares.entries()) {
      const version = found[index];
      if (version !== undefined && weight > 0) versions.add(version);
    }
    const [main] = shares.filter(({ weight }) => weight > 0);
    if (versions.size === 0) throw failures.get(main!.version.name);
    return { versions: [...versions], failures };
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

  /** A version that answers requests. */
  private served(choice: VersionChoice, shadow?: Shadow): ServedModel {
    const { observer } = this.options;
    return this.at(choice, {
      times: observer.times,
      answered: (version, images) => {
        observer.answered(version, images);
      },
      shadow:
        shadow &&
        ((file, answer) => {
          shadow.offer(file, answer);
        }),
    });
  }

  /** A version that nobody waits for. */
  private asked(choice: VersionChoice): ServedModel {
    return this.at(choice, { times: UNTIMED });
  }

  private at(
    { version, versionLabel, signatureName }: VersionChoice,
    told: Pick<ServedModelOptions, 'times' | 'answered' | 'shadow'>,
  ): ServedModel {
    const ref = { name: this.spec.name, version, versionLabel };
    return new ServedModel(this.entry, this.client, ref, {
      ...this.options,
      ...told,
      signatureName,
    });
  }
}

interface Target {
  readonly version?: string;
  readonly label?: string;
}

function choiceOf({ version, label }: Target): VersionChoice {
  return { version, versionLabel: label };
}

function nameOf({ version, label }: Target): string {
  if (version !== undefined) return `version ${version}`;
  return label === undefined ? 'the latest version' : `label ${label}`;
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
