import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '#logging';
import {
  areSame,
  parseCatalog,
  readSpecFiles,
  type CatalogEntry,
  type SpecTexts,
} from '#model-spec';
import { Poll } from '../config/poll.js';
import type { CatalogModel } from './catalog-model.js';
import type { ModelCatalog } from './model-catalog.js';
import type { ModelMonitor } from './model-monitor.js';

/** A change counts once two looks have seen the same, so that no half-written file does. */
const INTERVAL_MS = 1000;

export interface CatalogUpdaterOptions {
  readonly folder: string;
  readonly create: (entry: CatalogEntry) => CatalogModel;
  /** Told of each model that is served no more. */
  readonly forget: (name: string) => void;
  readonly intervalMs?: number;
}

/**
 * Keeps the catalogue as its folder has it. A new spec's model is taken in at once and answers once it
 * is verified; a changed one waits until it is verified, while the one before answers; a removed one
 * goes. What cannot be used changes nothing, and is told in the log and among the catalogue's faults.
 */
export class CatalogUpdater {
  private readonly poll: Poll;
  private seen: SpecTexts | undefined;
  private applied: SpecTexts | undefined;
  /** Which file each model's spec was last found in. */
  private readonly files = new Map<string, string>();

  constructor(
    private readonly catalog: ModelCatalog,
    private readonly monitor: ModelMonitor,
    private readonly logger: Logger,
    private readonly options: CatalogUpdaterOptions,
  ) {
    for (const { entry } of catalog.all()) this.files.set(entry.spec.name, entry.file);
    this.poll = new Poll(() => this.look(), options.intervalMs ?? INTERVAL_MS);
  }

  stop(): void {
    this.poll.stop();
  }

  private async look(): Promise<void> {
    try {
      const texts = await readSpecFiles(this.options.folder);
      const isSettled = this.seen !== undefined && areSame(texts, this.seen);
      this.seen = texts;
      if (!isSettled || (this.applied !== undefined && areSame(texts, this.applied))) return;
      this.applied = texts;
      this.apply(texts);
    } catch (error) {
      // Gone for a moment, or for good: what is served says nothing of it.
      this.seen = undefined;
      this.applied = undefined;
      this.report(new Map([['catalogue', 'its folder cannot be read; the models stay']]), error);
    }
  }

  private apply(texts: SpecTexts): void {
    const { entries, faults } = parseCatalog(this.options.folder, this.knownFirst(texts));
    const told = new Map([...faults].map(([file, fault]) => [`spec ${file}`, fault]));
    for (const model of this.catalog.all()) {
      const { name } = model.spec;
      const file = this.files.get(name) ?? model.entry.file;
      // A spec that cannot be used now is not one that was removed.
      if (entries.has(name) || faults.has(file)) continue;
      if (model === this.catalog.defaultModel) {
        told.set(`spec ${file}`, `removed; ${name} stays, for it is the default model`);
      } else this.remove(model);
    }
    for (const [name, entry] of entries) {
      this.files.set(name, entry.file);
      try {
        this.offer(entry);
      } catch (error) {
        told.set(`spec ${entry.file}`, error instanceof Error ? error.message : String(error));
      }
    }
    this.report(told);
  }

  /** Or a second spec of a name might push the one out that is served. */
  private knownFirst(texts: SpecTexts): SpecTexts {
    const known = new Set(this.files.values());
    const isNew = (file: string): number => (known.has(file) ? 0 : 1);
    return new Map([...texts].sort(([a], [b]) => isNew(a) - isNew(b)));
  }

  /** @throws Error where the spec contradicts the configuration */
  private offer(entry: CatalogEntry): void {
    const { name } = entry.spec;
    const current = this.catalog.find(name);
    const candidate = this.catalog.candidates.get(name);
    if (isOf(candidate, entry)) return;
    if (candidate !== undefined) this.withdraw(candidate);
    if (isOf(current, entry)) return;
    const model = this.options.create(entry);
    if (current === undefined) this.catalog.set(model);
    else this.catalog.candidates.set(name, model);
    this.logger.info(
      { model: name, file: entry.file },
      current === undefined ? 'new model in the catalogue' : 'spec has changed',
    );
    this.monitor.watch(model);
  }

  private withdraw(candidate: CatalogModel): void {
    this.catalog.candidates.delete(candidate.spec.name);
    this.monitor.unwatch(candidate);
  }

  private remove(model: CatalogModel): void {
    const { name } = model.spec;
    const candidate = this.catalog.candidates.get(name);
    if (candidate !== undefined) this.withdraw(candidate);
    this.catalog.delete(model);
    this.monitor.unwatch(model);
    this.files.delete(name);
    this.options.forget(name);
    this.logger.info({ model: name }, 'model was removed from the catalogue');
  }

  private report(faults: ReadonlyMap<string, string>, cause?: unknown): void {
    for (const [what, fault] of faults) {
      if (this.catalog.faults.get(what) === fault) continue;
      this.logger.error({ what, fault, err: cause }, 'catalogue cannot be followed');
    }
    this.catalog.faults = faults;
  }
}

function isOf(model: CatalogModel | undefined, { spec, folder }: CatalogEntry): boolean {
  return model?.entry.folder === folder && isDeepStrictEqual(model.entry.spec, spec);
}
