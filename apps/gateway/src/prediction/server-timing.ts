import type { StageTimes } from '../models/stage-times.js';

/**
 * The stages of one request as the `Server-Timing` header tells them (W3C Server Timing), in
 * milliseconds. What it is told, it tells on.
 */
export class ServerTiming implements StageTimes {
  private stages = '';

  /** @param times of the model, whose requests are counted together */
  constructor(private readonly times: StageTimes) {}

  readonly fetch = (seconds: number): void => {
    this.note('fetch', seconds);
  };

  readonly decode = (seconds: number): void => {
    this.note('decode', seconds);
  };

  readonly resize = (seconds: number): void => {
    this.note('resize', seconds);
  };

  readonly infer = (seconds: number): void => {
    this.note('infer', seconds);
  };

  /** Told on alone: the header goes off before the answer has ended. */
  get total(): StageTimes['total'] {
    return this.times.total;
  }

  /** Those stages that there were, in the order in which they ended, and the whole of it. */
  header(totalMs: number): string {
    return `${this.stages}total;dur=${rounded(totalMs)}`;
  }

  private note(stage: keyof StageTimes, seconds: number): void {
    this.times[stage](seconds);
    this.stages += `${stage};dur=${rounded(seconds * 1000)}, `;
  }
}

/** To the microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
