import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '#errors';
import type { Logger } from '#logging';
import type { ModelCatalog } from './model-catalog.js';
import type { ServedModel } from './served-model.js';
import { GoldenMismatchError } from './golden.js';
import { SignatureMismatchError } from './bind-signature.js';

export type ModelState =
  | { readonly ready: true; readonly version: string }
  | {
      readonly ready: false;
      readonly reason: string;
      /** The backend does not serve the model (yet), rather than a wrong one. */
      readonly isAbsent: boolean;
    };

const UNREADY_INTERVAL_MS = 200;
const READY_INTERVAL_MS = 2000;
const CHECK_TIMEOUT_MS = 5000;
/** A backend that starts beside us is silent for a moment; that is not worth a warning. */
const START_GRACE_MS = 3000;

/** Watches every model of the catalogue, so that probes are answered from memory. */
export class ModelMonitor {
  private readonly states = new Map<ServedModel, ModelState>();
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

  stateOf(model: ServedModel): ModelState {
    return this.states.get(model) ?? { ready: false, reason: 'not checked yet', isAbsent: true };
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  private async watch(model: ServedModel): Promise<void> {
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

  private async check(model: ServedModel): Promise<ModelState> {
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)]);
    const deadline = new Date(Date.now() + CHECK_TIMEOUT_MS);
    try {
      return { ready: true, version: await model.check({ deadline, signal, metadata: {} }) };
    } catch (error) {
      return { ready: false, reason: reasonOf(error), isAbsent: error instanceof DomainError };
    }
  }

  private report(model: ServedModel, state: ModelState): void {
    const before = this.stateOf(model);
    if (!state.ready && state.isAbsent && Date.now() - this.startedAt < START_GRACE_MS) return;
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
