/** What a long piece of work tells of itself. */
export interface Progress {
  /**
   * Says what is being done now, in place of what was said before.
   *
   * @param done of `total`, where it can be counted
   */
  tell(what: string, done?: number, total?: number): void;
  /** Takes back what was said. */
  clear(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const ERASE_LINE = '\r\u001b[K';
/** As often as eyes can follow. */
const INTERVAL_MS = 80;

/** One line of a terminal that is written again and again; nothing at all where it is none. */
export function progressOn(stream: Terminal): Progress {
  if (stream.isTTY !== true) return { tell: () => undefined, clear: () => undefined };
  let shownAt = -Infinity;
  let isShown = false;
  return {
    tell(what, done, total) {
      const now = performance.now();
      if (now - shownAt < INTERVAL_MS && done !== total) return;
      shownAt = now;
      isShown = true;
      const line = total === undefined ? `${what} …` : `${what} ${done ?? 0}/${total}`;
      stream.write(ERASE_LINE + line.slice(0, (stream.columns ?? 80) - 1));
    },
    clear() {
      if (isShown) stream.write(ERASE_LINE);
      isShown = false;
      shownAt = -Infinity;
    },
  };
}
