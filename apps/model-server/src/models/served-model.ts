import type { Logger } from '#logging';
import { LoadedVersion, type LoadOptions } from './loaded-version.js';
import { snapshotOf, type VersionFolder } from './version-folders.js';
import { NO_LABELS, type Labels } from './version-labels.js';
import { VersionStatuses } from './version-statuses.js';

/** TF Serving's default policy for loads that fail (max_num_load_retries, load_retry_interval). */
const MAX_RETRIES = 5;
const RETRY_INTERVAL_MS = 60_000;

export interface ServedModelOptions extends LoadOptions {
  /** Files unchanged for this long are taken as complete, ms. */
  settleMs: number;
}

/** A version that is not loaded: its files as last seen, and its failed attempts with just those. */
interface Candidate {
  fingerprint: string;
  failures: number;
  failedAt: number;
}

/**
 * A model's versions. The newest that loads is served, and each that has a label; the newest takes over
 * only once it is loaded and warm, and the one before it goes when its last call is answered.
 */
export class ServedModel {
  readonly statuses = new VersionStatuses();
  private readonly loaded = new Map<bigint, LoadedVersion>();
  /** The versions that labels mean now; a label moves once its new version is loaded. */
  private labels: Labels = NO_LABELS;
  private readonly candidates = new Map<bigint, Candidate>();
  private readonly unloads = new Set<Promise<void>>();
  private reconciling: Promise<void> | undefined;
  /** Every version that is to be served has been tried. */
  private settled = false;

  constructor(
    readonly name: string,
    private readonly options: ServedModelOptions,
    private readonly logger: Logger,
  ) {}

  /** The newest version that can answer, undefined while none can. */
  get available(): LoadedVersion | undefined {
    let newest: LoadedVersion | undefined;
    for (const version of this.loaded.values()) {
      if (newest === undefined || version.version > newest.version) newest = version;
    }
    return newest;
  }

  /** Undefined where it is not served. */
  version(version: bigint): LoadedVersion | undefined {
    return this.loaded.get(version);
  }

  /** Undefined where no version has the label. */
  labelled(label: string): LoadedVersion | undefined {
    const version = this.labels.get(label);
    return version === undefined ? undefined : this.loaded.get(version);
  }

  /** Whether it is known if a version of it can be served. */
  get decided(): boolean {
    return this.settled && (this.loaded.size > 0 || this.statuses.decided);
  }

  /**
   * Serves the newest version of these folders that can be loaded, and those with a label. A call
   * during another one waits for that one and does nothing of its own.
   * @param folders newest first
   */
  async reconcile(folders: readonly VersionFolder[], labels: Labels = NO_LABELS): Promise<void> {
    this.reconciling ??= this.serve(folders, labels).finally(() => {
      this.reconciling = undefined;
    });
    await this.reconciling;
  }

  /** Serves nothing any more; resolves when the calls in flight are answered and all is released. */
  async close(): Promise<void> {
    await this.reconciling;
    for (const version of this.loaded.values()) this.retire(version);
    await Promise.all(this.unloads);
  }

  private async serve(folders: readonly VersionFolder[], labels: Labels): Promise<void> {
    this.forgetAbsent(folders);
    for (const version of this.loaded.values()) {
      if (version.failure !== undefined) this.drop(version, version.failure);
    }
    const newest = await this.newestOf(folders);
    const wanted = new Set(labels.values());
    let isSettled = true;
    for (const folder of folders.filter(({ version }) => wanted.has(version))) {
      await this.ensure(folder);
      isSettled &&= this.statuses.get(folder.version) !== 'START';
    }
    const present = new Set(folders.map(({ version }) => version));
    // In one step: no request sees the model without a version, nor a label without its own.
    this.assign(labels, present);
    const kept = new Set([newest, ...this.labels.values()]);
    for (const version of this.loaded.values()) {
      if (!kept.has(version.version)) this.retire(version);
    }
    this.settled = isSettled;
  }

  /** The newest version that is loaded or can be; the one before it stays until then. */
  private async newestOf(folders: readonly VersionFolder[]): Promise<bigint | undefined> {
    for (const folder of folders) {
      if (await this.ensure(folder)) return folder.version;
    }
    return undefined;
  }

  private async ensure(folder: VersionFolder): Promise<boolean> {
    if (this.loaded.has(folder.version)) return true;
    const version = await this.tryLoad(folder);
    if (version === undefined) return false;
    this.loaded.set(version.version, version);
    this.statuses.set(version.version, 'AVAILABLE');
    return true;
  }

  /** A label whose version cannot answer (yet) stays with the one that it had. */
  private assign(wanted: Labels, present: ReadonlySet<bigint>): void {
    const labels = new Map<string, bigint>();
    for (const [label, version] of wanted) {
      const before = this.labels.get(label);
      const after = this.loaded.has(version) ? version : before;
      if (after === undefined || !this.loaded.has(after) || !present.has(after)) continue;
      labels.set(label, after);
      if (after === before) continue;
      const of = { model: this.name, label, version: String(after) };
      this.logger.info({ ...of, before: before?.toString() }, 'version label assigned');
    }
    this.labels = labels;
  }

  private async tryLoad({ version, path }: VersionFolder): Promise<LoadedVersion | undefined> {
    const before = await snapshotOf(path);
    if (before === undefined) return undefined;
    const { fingerprint } = before;
    const seen = this.candidates.get(version);
    const unchanged = seen?.fingerprint === fingerprint;
    if (unchanged && seen.failures > 0 && !isRetryDue(seen)) return undefined;
    const candidate = unchanged ? seen : { fingerprint, failures: 0, failedAt: 0 };
    this.candidates.set(version, candidate);
    if (!unchanged && Date.now() - before.changedAt < this.options.settleMs) {
      this.statuses.set(version, 'START');
      return undefined;
    }

    this.statuses.set(version, 'LOADING');
    const startedAt = performance.now();
    let loaded: LoadedVersion | undefined;
    try {
      loaded = await LoadedVersion.load(this.name, version, path, this.options);
      if ((await snapshotOf(path))?.fingerprint !== fingerprint) {
        throw new Error('its files changed while they were read');
      }
    } catch (error) {
      await loaded?.unload();
      this.fail(version, candidate, error);
      return undefined;
    }
    this.candidates.delete(version);
    const ms = Math.round(performance.now() - startedAt);
    this.logger.info({ model: this.name, version: String(version), ms }, 'version loaded');
    return loaded;
  }

  private fail(version: bigint, candidate: Candidate, error: unknown): void {
    candidate.failures++;
    candidate.failedAt = Date.now();
    const fault = error instanceof Error ? error.message : String(error);
    this.statuses.set(version, 'END', fault);
    this.logger.error(
      { model: this.name, version: String(version), fault },
      'version cannot be loaded',
    );
  }

  private retire(version: LoadedVersion): void {
    this.loaded.delete(version.version);
    this.statuses.set(version.version, 'UNLOADING');
    this.track(
      version.unload().then(() => {
        // Unless it has been loaded anew meanwhile.
        if (this.statuses.get(version.version) === 'UNLOADING') {
          this.statuses.set(version.version, 'END');
        }
        const of = { model: this.name, version: String(version.version) };
        this.logger.info(of, 'version unloaded');
      }),
    );
  }

  /** Its thread is gone: it is loaded again like a version that has never been. */
  private drop(lost: LoadedVersion, fault: string): void {
    this.logger.error({ model: this.name, version: String(lost.version), fault }, 'version lost');
    this.loaded.delete(lost.version);
    this.statuses.set(lost.version, 'END', fault);
    this.track(lost.unload());
  }

  private forgetAbsent(folders: readonly VersionFolder[]): void {
    const present = new Set(folders.map(({ version }) => version));
    for (const version of this.candidates.keys()) {
      if (present.has(version)) continue;
      this.candidates.delete(version);
      if (this.statuses.get(version) === 'START') this.statuses.delete(version);
    }
  }

  private track(unload: Promise<void>): void {
    this.unloads.add(unload);
    void unload.finally(() => this.unloads.delete(unload));
  }
}

function isRetryDue({ failures, failedAt }: Candidate): boolean {
  return failures <= MAX_RETRIES && Date.now() - failedAt >= RETRY_INTERVAL_MS;
}
