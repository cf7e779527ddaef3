import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '#errors';
import type { Logger } from '#logging';
import { GoldenMismatchError, SignatureMismatchError } from '#model-spec';
import { DeadlineExceededError } from '#serving-client';
import { isBusy } from './watched-version.js';
import type { ModelCatalog } from './model-catalog.js';
import type { CatalogModel } from './catalog-model.js';

export type ModelState =
  | {
      readonly ready: true;
      /** Those that requests get which choose none. */
      readonly versions: readonly string[];
      /** What is amiss with others that the spec names. */
      readonly faults: readonly string[];
    }
  | {
      readonly ready: false;
      readonly reason: string;
      /** The backend does not serve the model (yet), rather than a wrong one. */
      readonly isAbsent: boolean;
      /** The backend has more to do than it can. */
      readonly isBusy: boolean;
    };

/** Of a model that has only just been taken in. */
export const NOT_CHECKED: ModelState = {
  ready: false,
  reason: 'not checked yet',
  isAbsent: true,
  isBusy: false,
};

const UNREADY_INTERVAL_MS = 200;
const READY_INTERVAL_MS = 2000;
const CHECK_TIMEOUT_MS = 5000;
/** A backend that starts beside us is silent for a moment; that is not worth a warning. */
const START_GRACE_MS = 3000;
/**
 * A model that is too busy to answer a check is still the one that was found fit. Taking gateways out
 * of service for it would turn slowness into an outage, since all of them ask the same backends.
 */
const BUSY_GRACE_MS = 30_000;

interface Watch {
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Watches every model of the catalogue, so that probes are answered from memory, and its candidates,
 * which take their places once they are found fit.
 */
export class ModelMonitor {
  private readonly states = new WeakMap<CatalogModel, ModelState>();
  private readonly lastReadyAt = new WeakMap<CatalogModel, number>();
  private readonly watches = new Map<CatalogModel, Watch>();
  private readonly startedAt = Date.now();
  private announceReady: () => void = () => undefined;
  /** Settles once the default model is ready for the first time. */
  readonly ready = new Promise<void>((resolve) => (this.announceReady = resolve));

  constructor(
    private readonly catalog: ModelCatalog,
    private readonly logger: Logger,
  ) {
    for (const model of catalog.all()) this.watch(model);
  }

  stateOf(model: CatalogModel): ModelState {
    return this.states.get(model) ?? NOT_CHECKED;
  }

  watch(model: CatalogModel): void {
    const stopping = new AbortController();
    this.watches.set(model, { stopping, ended: this.follow(model, stopping.signal) });
  }

  unwatch(model: CatalogModel): void {
    this.watches.get(model)?.stopping.abort();
    this.watches.delete(model);
  }

  async stop(): Promise<void> {
    const watches = [...this.watches.values()];
    for (const { stopping } of watches) stopping.abort();
    await Promise.all(watches.map(({ ended }) => ended));
  }

  private async follow(model: CatalogModel, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const state = await this.check(model, signal);
      // A check that the stop cut short says nothing of the model.
      if (isAborted(signal)) return;
      this.report(model, state);
      const pause = state.ready || !state.isAbsent ? READY_INTERVAL_MS : UNREADY_INTERVAL_MS;
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async check(model: CatalogModel, stopping: AbortSignal): Promise<ModelState> {
    const timeout = AbortSignal.timeout(CHECK_TIMEOUT_MS);
    const signal = AbortSignal.any([stopping, timeout]);
    const deadline = new Date(Date.now() + CHECK_TIMEOUT_MS);
    try {
      const { versions, failures } = await model.check({ deadline, signal, metadata: {} });
      const faults = [...failures].map(([what, error]) => `${what}: ${reasonOf(error)}`);
      return { ready: true, versions, faults };
    } catch (cause) {
      // The call's deadline and the timer end at the same moment; either may be first.
      const error = cause === timeout.reason ? new DeadlineExceededError() : cause;
      return {
        ready: false,
        reason: reasonOf(error),
        isAbsent: error instanceof DomainError,
        isBusy: isBusy(error),
      };
    }
  }

  private report(model: CatalogModel, state: ModelState): void {
    const before = this.stateOf(model);
    const now = Date.now();
    if (state.ready) this.lastReadyAt.set(model, now);
    else {
      if (state.isAbsent && now - this.startedAt < START_GRACE_MS) return;
      const sinceReadyMs = now - (this.lastReadyAt.get(model) ?? 0);
      if (state.isBusy && before.ready && sinceReadyMs < BUSY_GRACE_MS) return;
    }
    this.states.set(model, state);
    const of = { model: model.spec.name };
    const isCandidate = this.catalog.isCandidate(model);
    if (state.ready) {
      if (isCandidate) this.promote(model);
      const version = state.versions.join(', ');
      if (!before.ready || before.versions.join(', ') !== version) {
        this.logger.info({ ...of, version }, 'model is ready');
      }
      const known = before.ready ? before.faults : [];
      for (const reason of state.faults.filter((fault) => !known.includes(fault))) {
        this.logger.warn({ ...of, reason }, 'a version gets no requests');
      }
      if (model === this.catalog.defaultModel) this.announceReady();
    } else if (before.ready || before.reason !== state.reason) {
      this.logger.warn(
        { ...of, reason: state.reason },
        isCandidate ? 'changed spec cannot be served; the one before stays' : 'model is not ready',
      );
    }
  }

  /** Requests from now on go to it; those in work keep the model that they have. */
  private promote(candidate: CatalogModel): void {
    const { name } = candidate.spec;
    const before = this.catalog.find(name);
    this.catalog.set(candidate);
    this.catalog.candidates.delete(name);
    if (before !== undefined) this.unwatch(before);
  }
}

/** A function, since the signal may change while one waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Only our own words: they are shown on /readyz. */
function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.publicMessage;
  if (error instanceof SignatureMismatchError || error instanceof GoldenMismatchError) {
    return error.message;
  }
  return 'the check failed';
}
