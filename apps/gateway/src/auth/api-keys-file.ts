import { readFile } from 'node:fs/promises';
import type { Logger } from '#logging';
import { Poll } from '../config/poll.js';
import { parseApiKeys, type ApiKeys } from './api-keys.js';

/** Kubernetes itself takes up to a minute to renew a mounted Secret. */
const INTERVAL_MS = 2000;

/**
 * Keeps `keys` as the file has them. A file that cannot be used is logged once, and the keys stay as
 * they were.
 */
export class ApiKeysFile {
  private readonly poll: Poll;
  private fault = '';

  constructor(
    private readonly path: string,
    private readonly keys: ApiKeys,
    private readonly logger: Logger,
    intervalMs = INTERVAL_MS,
  ) {
    this.poll = new Poll(() => this.look(), intervalMs);
  }

  stop(): void {
    this.poll.stop();
  }

  private async look(): Promise<void> {
    try {
      const digests = parseApiKeys(await this.read());
      if (this.keys.replace(digests))
        this.logger.info({ count: digests.length }, 'API keys changed');
      this.fault = '';
    } catch (error) {
      this.report(error instanceof Error ? error.message : String(error));
    }
  }

  private async read(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch {
      throw new Error('a readable file');
    }
  }

  private report(expected: string): void {
    if (expected === this.fault) return;
    this.fault = expected;
    this.logger.error(`API_KEYS_FILE: expected ${expected}; the keys stay as they were`);
  }
}
