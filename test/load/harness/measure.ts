import { on } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startModule, stop } from './children.js';
import type { Gateway } from './gateway.js';
import type { Load, LoadFigures } from './generator-process.js';
import type { Sample } from './samples.js';
import { cpuSeconds, pssMib } from './usage.js';

export interface Figures extends LoadFigures {
  /** Good answers. */
  readonly perSecond: number;
  /** User and system milliseconds of all gateways, for each answer. */
  readonly cpuMs: number;
  /** MiB of all gateways, at three quarters of the load. */
  readonly pss: number;
  readonly failed: number;
}

/** Gives gateways a load, and tells what it cost them. */
export async function measure(
  gateways: readonly Gateway[],
  samples: readonly Sample[],
  { concurrency, seconds }: Pick<Load, 'concurrency' | 'seconds'>,
): Promise<Figures> {
  const urls = gateways.map(({ url }) => url);
  const cpuBefore = totalOf(gateways, cpuSeconds);
  const memory = sleep(seconds * 750).then(() => totalOf(gateways, pssMib));
  const figures = await generate({ urls, samples, concurrency, seconds });
  const cpu = totalOf(gateways, cpuSeconds) - cpuBefore;
  const failed = Object.values(figures.failures).reduce((sum, count) => sum + count, 0);
  return {
    ...figures,
    failed,
    perSecond: figures.good / figures.seconds,
    cpuMs: (1000 * cpu) / (figures.good + failed),
    pss: await memory,
  };
}

/** Node's compilers take some seconds to settle; what is measured before says little. */
export async function warmUp(...load: Parameters<typeof measure>): Promise<void> {
  await measure(...load);
}

async function generate(load: Load): Promise<LoadFigures> {
  for await (const figures of windowsOf(load)) if (figures.last) return figures;
  throw new Error('The load has ended without figures');
}

/** The figures of a load, window by window. */
export async function* windowsOf(load: Load): AsyncGenerator<LoadFigures> {
  const child = startModule('generator-process', load);
  const gone = new AbortController();
  child.once('exit', () => {
    gone.abort(new Error('The load generator has ended'));
  });
  try {
    for await (const [figures] of on(child, 'message', { signal: gone.signal })) {
      yield figures as LoadFigures;
      if ((figures as LoadFigures).last) return;
    }
  } finally {
    await stop(child);
  }
}

function totalOf(gateways: readonly Gateway[], usage: (pid: number) => number): number {
  return gateways.reduce((sum, { pid }) => sum + usage(pid), 0);
}
