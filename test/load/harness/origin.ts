import { nextMessage, startModule, stop } from './children.js';

export interface Origin {
  /** Of the picture at a path given, without a leading slash. */
  link(path: string): string;
  stop(): Promise<void>;
}

/** Serves pictures on loopback, from the memory of a process of its own. */
export async function startOrigin(pictures: ReadonlyMap<string, Uint8Array>): Promise<Origin> {
  const child = startModule('origin-process', pictures);
  const port = await nextMessage<number>(child);
  return {
    link: (path) => `http://127.0.0.1:${port}/${encodeURIComponent(path)}`,
    stop: () => stop(child),
  };
}
