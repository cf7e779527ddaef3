import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOrigin } from '../../support/origin.js';
import type { FaultyServing } from '../harness/faulty-serving.js';
import type { Behave } from '../harness/serving-process.js';

/** Something that goes wrong for a while, beside the traffic. */
interface Fault {
  readonly name: string;
  /** Problem codes that it explains. */
  readonly explains: readonly string[];
  /** Begins it; what is returned ends it. */
  readonly begin: () => (() => void | Promise<void>) | Promise<() => void | Promise<void>>;
}

/** The gateway's longest deadline: for so long, an answer may be what a fault has made of it that is over. */
const DELAYED_MS = 6_000;

const SLOW_CLIENTS = 40;
const NOISES = 40;

/** Faults that take turns, each on for half of its time. */
export class Faults {
  private readonly faults: readonly Fault[];
  private readonly stopping = new AbortController();
  private turn: Promise<void> = Promise.resolve();
  private now = '';
  /** Until when each code is explained, in `performance.now()`. */
  private readonly until = new Map<string, number>();
  private lookedAt = 0;

  constructor(
    private readonly url: string,
    serving: FaultyServing,
    private readonly seconds: number,
  ) {
    const oneServer = (
      name: string,
      behaviour: Behave['behaviour'],
      explains: string[],
    ): Fault => ({
      name: `one server ${name}`,
      explains,
      begin: () => serving.tell(1, behaviour),
    });
    this.faults = [
      oneServer('hangs', 'hang', ['DEADLINE_EXCEEDED']),
      oneServer('is slow', 'slow', []),
      oneServer('fails', 'fail', ['MODEL_FAILED']),
      oneServer('refuses', 'refuse', []),
      oneServer('answers NaN', 'nan', ['MODEL_FAILED']),
      { name: 'a server dies', explains: [], begin: () => serving.kill(2) },
      {
        name: 'all servers die',
        explains: ['MODEL_UNAVAILABLE'],
        begin: async () => {
          const back = await Promise.all([0, 1, 2].map((index) => serving.kill(index)));
          return async () => {
            await Promise.all(back.map((start) => start()));
          };
        },
      },
      { name: 'slow clients', explains: [], begin: () => this.slowClients() },
      { name: 'noise', explains: [], begin: () => this.noise() },
      // Until they count as slow, its links may take every place.
      {
        name: 'an origin hangs',
        explains: ['OVERLOADED'],
        begin: () => this.hangingLinks(),
      },
    ];
  }

  start(): void {
    this.turn = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.turn;
  }

  /** The faults since the last look, and which problem codes they explain. */
  look(): { name: string; explains: (fault: string) => boolean } {
    const codes = [...this.until].filter(([, until]) => until >= this.lookedAt);
    this.lookedAt = performance.now();
    return {
      name: this.now,
      explains: (fault) => codes.some(([code]) => fault.includes(code)),
    };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const half = (): Promise<unknown> =>
      sleep(this.seconds * 500, undefined, { signal }).catch(() => undefined);
    for (let turn = 0; !signal.aborted; turn++) {
      const fault = this.faults[turn % this.faults.length]!;
      await half();
      if (isAborted(signal)) return;
      this.now = fault.name;
      for (const code of fault.explains) this.until.set(code, Infinity);
      const end = await fault.begin();
      await half();
      await end();
      for (const code of fault.explains) this.until.set(code, performance.now() + DELAYED_MS);
      this.now = '';
    }
  }

  /** Bodies that come by a byte a second. */
  private slowClients(): () => void {
    const head =
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 9000000\r\n\r\n';
    const sockets = Array.from({ length: SLOW_CLIENTS }, () => this.send(Buffer.from(head)));
    const timer = setInterval(() => {
      for (const socket of sockets) socket.write('x');
    }, 1000);
    return () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    };
  }

  /** What is no HTTP, and connections that are broken amid a request. */
  private noise(): () => void {
    const noise = Buffer.alloc(2048, 0xa5);
    const half = Buffer.from('POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx');
    const timer = setInterval(() => {
      for (let index = 0; index < NOISES; index++) {
        const socket = this.send(index % 2 === 0 ? noise : half);
        setTimeout(() => socket.resetAndDestroy(), 200);
      }
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }

  /** More links to an origin that never answers than there are places. */
  private async hangingLinks(): Promise<() => Promise<void>> {
    const origin = await startOrigin(() => undefined);
    const body = JSON.stringify({ url: `${origin.url}/a.jpg` });
    const timer = setInterval(() => {
      for (let index = 0; index < 20; index++) {
        fetch(new URL('/predict', this.url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
          .then((response) => response.arrayBuffer())
          .catch(() => undefined);
      }
    }, 1000);
    return async () => {
      clearInterval(timer);
      await origin.close();
    };
  }

  private send(bytes: Buffer): Socket {
    const { hostname, port } = new URL(this.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(bytes);
    return socket;
  }
}

/** A function, since the signal may change while one waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
