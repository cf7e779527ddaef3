import { Worker, type Transferable } from 'node:worker_threads';
import {
  sessionThread,
  type SessionAnswers,
  type SessionReply,
  type SessionRequest,
} from './session-thread.js';

interface Waiting {
  resolve: (reply: SessionReply) => void;
  reject: (error: Error) => void;
}

type Ask<Kind> = Omit<Extract<SessionRequest, { kind: Kind }>, 'id' | 'kind'>;

/** ONNX Runtime on a thread of its own, asked by promise. */
export class SessionWorker {
  private readonly worker = new Worker(`(${sessionThread.toString()})()`, {
    eval: true,
    workerData: import.meta.url,
  });
  private readonly exited: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private ended: string | undefined;

  constructor() {
    this.worker.on('message', (reply: SessionReply) => {
      this.waiting.get(reply.id)?.resolve(reply);
      this.waiting.delete(reply.id);
    });
    this.worker.on('error', (error) => {
      this.ended = error.message;
    });
    this.exited = new Promise((resolve) => {
      this.worker.once('exit', () => {
        this.ended ??= 'The session has ended';
        for (const { reject } of this.waiting.values()) reject(new Error(this.ended));
        this.waiting.clear();
        resolve();
      });
    });
  }

  /** Why the thread has ended, once it has. */
  get failure(): string | undefined {
    return this.ended;
  }

  /**
   * @param transfer buffers that the thread takes over; they are empty here afterwards
   * @throws SessionError with ONNX Runtime's words; another Error where the thread has ended
   */
  async ask<Kind extends SessionRequest['kind']>(
    kind: Kind,
    ask: Ask<Kind>,
    transfer: readonly Transferable[] = [],
  ): Promise<SessionAnswers[Kind]> {
    if (this.ended !== undefined) throw new Error(this.ended);
    const id = ++this.lastId;
    const reply = await new Promise<SessionReply>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...ask, kind, id }, transfer);
    });
    if (!reply.ok) throw new SessionError(reply.reason);
    return reply.answer as SessionAnswers[Kind];
  }

  /** Releases the sessions and their memory; a run in progress is finished first. */
  async close(): Promise<void> {
    this.worker.postMessage(null);
    await this.exited;
  }
}

/** What ONNX Runtime says, less the places in its own source. */
export class SessionError extends Error {
  constructor(reason: string) {
    super(
      reason
        .replace(/\/onnxruntime_src\/\S+ .*?\) (?=\S)/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
    this.name = new.target.name;
  }
}
