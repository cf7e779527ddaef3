import { status } from '@grpc/grpc-js';
import type { ModelState, ModelVersionStatus } from '#protos';

/** How many versions that have ended are remembered. */
const MAX_ENDED = 32;

/** What GetModelStatus tells of a model: each version's latest state, and why it ended if by a fault. */
export class VersionStatuses {
  private readonly statuses = new Map<bigint, { state: ModelState; fault: string }>();

  set(version: bigint, state: ModelState, fault = ''): void {
    this.statuses.set(version, { state, fault });
    const ended = [...this.statuses].filter(([, status]) => status.state === 'END');
    ended.sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [oldest] of ended.slice(0, -MAX_ENDED)) this.statuses.delete(oldest);
  }

  get(version: bigint): ModelState | undefined {
    return this.statuses.get(version)?.state;
  }

  /** Whether some version has ended and none is about to be loaded. */
  get decided(): boolean {
    const states = [...this.statuses.values()].map(({ state }) => state);
    return states.length > 0 && !states.some((state) => state === 'START' || state === 'LOADING');
  }

  delete(version: bigint): void {
    this.statuses.delete(version);
  }

  /** As the API sends them, newest first. */
  list(): ModelVersionStatus[] {
    return [...this.statuses]
      .sort(([a], [b]) => (a < b ? 1 : -1))
      .map(([version, { state, fault }]) => ({
        version: String(version),
        state,
        status: {
          errorCode: fault === '' ? status.OK : status.UNKNOWN,
          errorMessage: fault,
        },
      }));
  }
}
