import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import type { Logger } from '#logging';
import type { ModelSpec } from '#protos';
import { modelSpecWithoutName, servableNotFound, unrecognizedLabel } from '../errors/messages.js';
import { DEFAULT_MODEL_FILE } from '../inference/model-runtime.js';
import type { LoadedVersion } from './loaded-version.js';
import { ServedModel, type ServedModelOptions } from './served-model.js';
import { VersionLabels } from './version-labels.js';
import { listVersionFolders, type VersionFolder } from './version-folders.js';

export interface CatalogueOptions extends Omit<ServedModelOptions, 'settleMs'> {
  basePath: string;
  /** File of version labels; undefined: `version_labels.yaml` in the base path, where there is one. */
  labelsFile: string | undefined;
  pollMs: number;
}

/** The models under the base path, which is looked at again and again. */
export class ModelCatalogue {
  /** Fires after anything may have become available or ceased to be. */
  readonly changes = new Subject<void>();
  private readonly models = new Map<string, ServedModel>();
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> | undefined;
  private closed = false;
  private fault: string | undefined;
  private readonly labels: VersionLabels;

  constructor(
    private readonly options: CatalogueOptions,
    private readonly logger: Logger,
  ) {
    const { basePath, labelsFile } = options;
    const path = labelsFile ?? join(basePath, 'version_labels.yaml');
    this.labels = new VersionLabels(path, labelsFile !== undefined, logger);
  }

  /** Begins to look for models; what it finds becomes available later. */
  start(): void {
    this.polling = this.poll().finally(() => {
      if (this.closed) return;
      this.timer = setTimeout(() => {
        this.start();
      }, this.options.pollMs);
    });
  }

  get(name: string): ServedModel | undefined {
    return this.models.get(name);
  }

  all(): ServedModel[] {
    return [...this.models.values()];
  }

  /**
   * The version that a request means.
   * @throws ServingError as TF Serving where there is none
   */
  find({ name = '', version, versionLabel }: ModelSpec): LoadedVersion {
    if (name === '') throw modelSpecWithoutName();
    const model = this.models.get(name);
    if (versionLabel !== undefined) {
      const labelled = model?.labelled(versionLabel);
      if (labelled === undefined) throw unrecognizedLabel(versionLabel);
      return labelled;
    }
    const wanted = version?.value?.toString();
    const found = wanted === undefined ? model?.available : model?.version(BigInt(wanted));
    if (found === undefined) throw servableNotFound(name, wanted);
    return found;
  }

  /** Looks no further and unloads everything once the calls in flight are answered. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.polling;
    await Promise.all(this.all().map((model) => model.close()));
    this.changes.complete();
  }

  /** One look at the base path. A model that loads holds up no other, nor the next look. */
  private async poll(): Promise<void> {
    const found = await this.list();
    if (found === undefined) return;
    await this.labels.read();
    for (const [name, folders] of found) {
      if (!this.models.has(name) && (await holdsModel(folders ?? []))) {
        const options = { ...this.options, settleMs: this.options.pollMs };
        this.models.set(name, new ServedModel(name, options, this.logger));
      }
    }
    for (const model of this.all()) {
      const folders = found.has(model.name) ? found.get(model.name) : [];
      // What cannot be read now may be there all the same.
      if (folders !== undefined) void this.reconcile(model, folders);
    }
  }

  private async reconcile(model: ServedModel, folders: readonly VersionFolder[]): Promise<void> {
    try {
      await model.reconcile(folders, this.labels.of(model.name));
    } catch (error) {
      // The file system's fault: what is loaded stays, the next look may fare better.
      this.logger.warn({ model: model.name, err: error }, 'versions cannot be read');
    }
    this.changes.next();
  }

  /** Undefined where the base path cannot be read, which must not unload what is served. */
  private async list(): Promise<Awaited<ReturnType<typeof listVersionFolders>> | undefined> {
    try {
      const found = await listVersionFolders(this.options.basePath);
      this.fault = undefined;
      return found;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.fault) this.logger.error({ fault }, 'base path cannot be read');
      this.fault = fault;
      return undefined;
    }
  }
}

async function holdsModel(folders: readonly VersionFolder[]): Promise<boolean> {
  for (const { path } of folders) {
    const holds = await access(join(path, DEFAULT_MODEL_FILE)).then(
      () => true,
      () => false,
    );
    if (holds) return true;
  }
  return false;
}
