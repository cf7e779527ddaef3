import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '#errors';
import type { Logger } from '#logging';
import { DeadlineExceededError } from '#serving-client';
import type { ModelCatalog } from './model-catalog.js';
import type { CatalogModel } from './catalog-model.js';
import { GoldenMismatchError } from './golden.js';
import { SignatureMismatchError } from './bind-signature.js';

export type ModelState =
  | { readonly ready: true; readonly version: string }
  | {
      readonly ready: false;
      readonly reason: string;
      /** The backend does not serve the model (yet), rather than a wrong one. */
      readonly isAbsent: boolean;
      /** The backend has more to do than it can. */
      readonly isBusy: boolean;
    };

const NOT_CHECKED: ModelState = {
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
const BUSY_CODES = ['DEADLINE_EXCEEDED', 'OVERLOADED'];

/** Watches every model of the catalogue, so that probes are answered from memory. */
export class ModelMonitor {
  private readonly states = new Map<CatalogModel, ModelState>();
  private readonly lastReadyAt = new Map<CatalogModel, number>();
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[];
  private readonly startedAt = Date.now();
  private announceReady: () => void = () => undefined;
  /** Settles once the default model is ready for the first time. */
  readonly ready = new Promise<void>((resolve) => (this.announceReady = resolve));

  constructor(
    private readonly catalog: ModelCatalog,
    private readonly logger: Logger,
  ) {
    this.loops = catalog.all().map((model) => this.watch(model));
  }

  stateOf(model: CatalogModel): ModelState {
    return this.states.get(model) ?? NOT_CHECKED;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  private async watch(model: CatalogModel): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const state = await this.check(model);
      // A check that the stop cut short says nothing of the model.
      if (this.stopping.signal.aborted) return;
      this.report(model, state);
      const pause = state.ready ? READY_INTERVAL_MS : UNREADY_INTERVAL_MS;
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async check(model: CatalogModel): Promise<ModelState> {
    const timeout = AbortSignal.timeout(CHECK_TIMEOUT_MS);
    const signal = AbortSignal.any([this.stopping.signal, timeout]);
    const deadline = new Date(Date.now() + CHECK_TIMEOUT_MS);
    try {
      return { ready: true, version: await model.check({ deadline, signal, metadata: {} }) };
    } catch (cause) {
      // The call's deadline and the timer end at the same moment; either may be first.
      const error = cause === timeout.reason ? new DeadlineExceededError() : cause;
      return {
        ready: false,
        reason: reasonOf(error),
        isAbsent: error instanceof DomainError,
        isBusy: error instanceof DomainError && BUSY_CODES.includes(error.code),
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
    if (state.ready) {
      if (!before.ready || before.version !== state.version) {
        this.logger.info({ ...of, version: state.version }, 'model is ready');
      }
      if (model === this.catalog.defaultModel) this.announceReady();
    } else if (before.ready || before.reason !== state.reason) {
      this.logger.warn({ ...of, reason: state.reason }, 'model is not ready');
    }
  }
}

/** Only our own words: they are shown on /readyz. */
function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.publicMessage;
  if (error instanceof SignatureMismatchError || error instanceof GoldenMismatchError) {
    return error.message;
  }
  return 'the check failed';
}
