import { setImmediate } from 'node:timers/promises';
import type { Preprocessor } from '#preprocessing';
import type { Classification } from './classifier.js';
import type { ModelObserver } from './model-observer.js';
import type { WatchedVersion } from './watched-version.js';

/** Shadows in work at once, of one model: they wait for nothing and nobody waits for them. */
const MAX_IN_FLIGHT = 4;
const TIMEOUT_MS = 5000;

/**
 * Asks a candidate the same as the model that has answered, and tells how the answers compare. It
 * begins after the answer, and only where no image waits to be decoded: it is the first to be dropped.
 */
export class Shadow {
  private inFlight = 0;

  constructor(
    readonly candidate: WatchedVersion,
    private readonly fraction: number,
    private readonly observer: ModelObserver,
    private readonly preprocessor: Pick<Preprocessor, 'isBusy'>,
  ) {}

  /** Returns at once, and never throws. */
  offer(file: Uint8Array, answer: Classification): void {
    if (Math.random() >= this.fraction) return;
    // The label that it goes by has come to be the one that answers: there is nothing to compare.
    if (this.candidate.version === answer.version) return;
    if (this.inFlight >= MAX_IN_FLIGHT || this.preprocessor.isBusy || !this.candidate.isFit) {
      this.observer.shadowed('dropped');
      return;
    }
    // Its memory is used again once the request is answered.
    void this.compare(Buffer.from(file), answer);
  }

  private async compare(file: Uint8Array, answer: Classification): Promise<void> {
    this.inFlight++;
    try {
      // The answer is written first.
      await setImmediate();
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const deadline = new Date(Date.now() + TIMEOUT_MS);
      const other = await this.candidate.model.predict(file, { deadline, signal, metadata: {} });
      const agrees = indexOfGreatest(answer) === indexOfGreatest(other);
      this.observer.shadowed(agrees ? 'agreed' : 'disagreed', greatestDifference(answer, other));
    } catch {
      this.observer.shadowed('failed');
    } finally {
      this.inFlight--;
    }
  }
}

function indexOfGreatest({ probabilities }: Classification): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

function greatestDifference(a: Classification, b: Classification): number {
  return Math.max(
    ...a.probabilities.map((value, index) => Math.abs(value - b.probabilities[index]!)),
  );
}
