import type { Logger } from '#logging';
import { LoadedVersion, type LoadOptions } from './loaded-version.js';
import { snapshotOf, type VersionFolder } from './version-folders.js';
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
 * A model's versions. The newest that loads is served; it takes over only once it is loaded and
 * warm, and the one before it goes when its last call is answered.
 */
export class ServedModel {
  readonly statuses = new VersionStatuses();
  private serving: LoadedVersion | undefined;
  private readonly candidates = new Map<bigint, Candidate>();
  private readonly unloads = new Set<Promise<void>>();
  private reconciling: Promise<void> | undefined;

  constructor(
    readonly name: string,
    private readonly options: ServedModelOptions,
    private readonly logger: Logger,
  ) {}

  /** The version that answers, undefined while none does. */
  get available(): LoadedVersion | undefined {
    return this.serving;
  }

  /** Whether it is known if a version of it can be served. */
  get decided(): boolean {
    return this.serving !== undefined || this.statuses.decided;
  }

  /**
   * Serves the newest version of these folders that can be loaded. A call during another one waits
   * for that one and does nothing of its own.
   * @param folders newest first
   */
  async reconcile(folders: readonly VersionFolder[]): Promise<void> {
    this.reconciling ??= this.serveNewest(folders).finally(() => {
      this.reconciling = undefined;
    });
    await this.reconciling;
  }

  /** Serves nothing any more; resolves when the calls in flight are answered and all is released. */
  async close(): Promise<void> {
    await this.reconciling;
    this.serve(undefined);
    await Promise.all(this.unloads);
  }

  private async serveNewest(folders: readonly VersionFolder[]): Promise<void> {
    this.forgetAbsent(folders);
    if (this.serving?.failure !== undefined) this.drop(this.serving, this.serving.failure);
    for (const folder of folders) {
      if (folder.version === this.serving?.version) return;
      const loaded = await this.tryLoad(folder);
      if (loaded !== undefined) {
        this.serve(loaded);
        return;
      }
    }
    this.serve(undefined);
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

  /** Hands over in one step: no request sees the model without a version. */
  private serve(next: LoadedVersion | undefined): void {
    const previous = this.serving;
    this.serving = next;
    if (next !== undefined) this.statuses.set(next.version, 'AVAILABLE');
    if (previous === undefined) return;
    this.statuses.set(previous.version, 'UNLOADING');
    this.track(
      previous.unload().then(() => {
        // Unless it has been loaded anew meanwhile.
        if (this.statuses.get(previous.version) === 'UNLOADING') {
          this.statuses.set(previous.version, 'END');
        }
        const version = String(previous.version);
        this.logger.info({ model: this.name, version }, 'version unloaded');
      }),
    );
  }

  /** Its thread is gone: it is loaded again like a version that has never been. */
  private drop(lost: LoadedVersion, fault: string): void {
    this.logger.error({ model: this.name, version: String(lost.version), fault }, 'version lost');
    this.serving = undefined;
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
