import { openFiles, pssMib } from '../load/harness/usage.js';
import type { Run } from '../support/gateway-process.js';

export interface Usage {
  readonly mib: number;
  readonly descriptors: number;
}

const EVERY_MS = 500;

/** Looks at the processes while they work: their memory, their end, and what they log as their own fault. */
export class Watch {
  private readonly timer: NodeJS.Timeout;
  private readonly peaks = new Map<string, number>();

  constructor(private readonly processes: Readonly<Record<string, Run>>) {
    this.timer = setInterval(() => {
      for (const [name, { mib }] of Object.entries(this.usage()))
        this.peaks.set(name, Math.max(mib, this.peakOf(name)));
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  usage(): Record<string, Usage> {
    return mapValues(this.processes, ({ process: { pid } }) => ({
      mib: pssMib(pid!),
      descriptors: openFiles(pid!).descriptors,
    }));
  }

  peakOf(name: string): number {
    return this.peaks.get(name) ?? 0;
  }

  /** Each in a line; none where all is well. */
  faults(): string[] {
    return Object.entries(this.processes).flatMap(([name, { process: child, output }]) => [
      ...((child.exitCode ?? child.signalCode) !== null
        ? [`the ${name} has ended with ${String(child.exitCode ?? child.signalCode)}`]
        : []),
      ...output()
        .split('\n')
        .filter((line) => line !== '' && !/"level":"(debug|info|warn)"/.test(line))
        .slice(0, 10)
        .map((line) => `the ${name} says ${line}`),
    ]);
  }
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
