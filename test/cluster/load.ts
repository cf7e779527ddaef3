import { setTimeout as sleep } from 'node:timers/promises';
import { faultOf } from './prediction.js';

export interface LoadReport {
  sent: number;
  /** Milliseconds that the slowest answer took. */
  slowestMs: number;
  /** What went wrong, when, in the order of sending. */
  failures: string[];
}

/** An open loop: requests start on time, however long the ones before them take. */
const PER_SECOND = 20;

/**
 * Twenty requests a second for as long as `work` takes, every second one on a connection of its
 * own and the others on connections that are kept.
 */
export async function underLoad(url: string, work: () => Promise<unknown>): Promise<LoadReport> {
  const failures: string[] = [];
  const pending = new Set<Promise<void>>();
  const startedAt = Date.now();
  let sent = 0;
  let slowestMs = 0;
  let over = false;

  const send = (): void => {
    const headers: Record<string, string> = sent % 2 === 0 ? {} : { connection: 'close' };
    const at = Date.now() - startedAt;
    const answered = faultOf(url, headers).then((fault) => {
      slowestMs = Math.max(slowestMs, Date.now() - startedAt - at);
      if (fault !== undefined) failures.push(`${at} ms: ${fault}`);
      pending.delete(answered);
    });
    pending.add(answered);
    sent++;
  };
  const sendOnTime = async (): Promise<void> => {
    while (!over) {
      while (sent < ((Date.now() - startedAt) / 1000) * PER_SECOND) send();
      await sleep(10);
    }
  };
  const sending = sendOnTime();
  try {
    await work();
    // What comes right after counts as well.
    await sleep(2000);
  } finally {
    over = true;
    await sending;
    await Promise.all(pending);
  }
  console.log(`${sent} requests, ${failures.length} failed, the slowest took ${slowestMs} ms`);
  return { sent, slowestMs, failures };
}

/** So many requests at once, each followed by the next, until `work` has settled. */
export async function underPressure<T>(
  url: string,
  concurrency: number,
  work: () => Promise<T>,
): Promise<T> {
  let over = false;
  const caller = async (): Promise<void> => {
    while (!over) await faultOf(url);
  };
  const callers = Array.from({ length: concurrency }, caller);
  try {
    return await work();
  } finally {
    over = true;
    await Promise.all(callers);
  }
}
