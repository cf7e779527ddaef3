import { constants, PerformanceObserver, type NodeGCPerformanceDetail } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { RefusedGarbage } from './refused-garbage.js';

interface Collection {
  readonly detail: NodeGCPerformanceDetail;
}

/** Young collections that were asked for while something was done. */
async function collectionsOf(work: () => void): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    // Its types leave the detail of a collection out.
    for (const { detail } of list.getEntries() as unknown as Collection[]) {
      const { kind, flags } = detail;
      if (kind !== constants.NODE_PERFORMANCE_GC_MINOR) continue;
      if (flags === constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) count++;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  work();
  await sleep(100);
  observer.disconnect();
  return count;
}

function refuse(times: number, headers: Record<string, string>): () => void {
  return () => {
    const garbage = new RefusedGarbage();
    for (let time = 0; time < times; time++) garbage.add({ headers });
  };
}

describe('garbage of refused requests', () => {
  it('is collected every few MiB of bodies', async () => {
    expect(await collectionsOf(refuse(1490, { 'content-length': '30000' }))).toBe(10);
  });

  it('is collected no oftener for bodies that are only claimed', async () => {
    const claimed = refuse(810, { 'content-length': '9007199254740991' });
    expect(await collectionsOf(claimed)).toBe(10);
    expect(await collectionsOf(refuse(810, { 'transfer-encoding': 'chunked' }))).toBe(10);
  });

  it('is left alone where there is little', async () => {
    expect(await collectionsOf(refuse(140, { 'content-length': '30000' }))).toBe(0);
  });
});
