import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Signal } from '#cancellation';
import { projectPath } from '#project';
import { UndecodableImageError } from '../errors.js';
import { normalize } from '../normalize/normalize.js';
import type { ImageTensor } from '../preprocess.js';
import { isFloatResample } from '../spec.js';
import { CHANNEL, FrameReader, writeFrame } from './frame.js';
import type { Job } from './job.js';
import { failureOf, type Outcome } from './outcome.js';
import type { Worker } from './worker-pool.js';

const ENTRY = projectPath('dist', 'libs', 'preprocessing', 'src', 'workers', 'process.js');

/**
 * Of the environment, what memory and libraries take their settings from: a decoder gets no secret. With
 * glibc's own number of arenas it grew to 136 MiB in a minute of broken pictures, with one to 80.
 */
const PASSED_ON = /^(?:MALLOC_|LD_|VIPS_)/;

/** How native code ends that has met its own fault; SIGKILL is somebody else's wish. */
const CRASHES: ReadonlySet<string | null> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGTRAP',
]);

interface Task {
  /** Where what comes is received. */
  readonly received: Float32Array | Uint8Array;
  readonly settle: (outcome: Outcome | Error) => void;
}

/**
 * A process for what native code decodes: a fault that a picture finds in it ends that picture's
 * request, and nothing else. Ours, since pools of processes (workerpool, jest-worker) send by
 * `process.send`, which copies and parses what is received here where it is needed.
 */
export class ImageProcess implements Worker {
  private readonly child: ChildProcess;
  private readonly channel: Socket;
  private ending = false;
  private task: Task | undefined;

  /**
   * @param onExit called once it has ended, whatever the reason
   * @param onCrash called with the signal where a picture has brought it down
   * @throws Error where the system has no room for another process
   */
  constructor(onExit: () => void, onCrash: (signal: string) => void) {
    const passedOn = Object.entries({ MALLOC_ARENA_MAX: '1', ...process.env }).filter(([name]) =>
      PASSED_ON.test(name),
    );
    this.child = spawn(process.execPath, [ENTRY], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      env: Object.fromEntries(passedOn),
    });
    let reason = 'The process has ended';
    this.child.on('error', (error: Error) => {
      reason = error.message;
    });
    this.child.on('close', (code: number | null, signal: string | null) => {
      this.ending = true;
      onExit();
      const task = this.task;
      if (CRASHES.has(signal)) {
        onCrash(signal!);
        task?.settle(
          new UndecodableImageError(undefined, { cause: new Error(`Decoding ended by ${signal}`) }),
        );
      }
      task?.settle(new Error(`${reason}: ${signal ?? code}`));
    });
    this.channel = this.open();
    this.hold(false);
  }

  get isUsable(): boolean {
    return !this.ending;
  }

  /**
   * @throws DomainError the image's fault, UndecodableImageError too where it has brought the process
   * down; the signal's reason, for which the process is ended; an Error where it ended for another reason
   */
  async run(
    { bytes, spec, maxPixels, output, target }: Job,
    signal?: Signal,
  ): Promise<ImageTensor> {
    const [height, width] = spec.size;
    const length = height * width * 3;
    const data =
      target?.data ?? (output === 'uint8' ? new Uint8Array(length) : new Float32Array(length));
    // Bytes take a quarter of the way that floats take.
    const raw =
      output === 'float32' && !isFloatResample(spec.resample) ? new Uint8Array(length) : undefined;
    const asked = { spec, maxPixels, output: raw === undefined ? output : 'uint8' };
    const outcome = await this.ask(asked, bytes, raw ?? data, signal);
    if (outcome instanceof Error) throw outcome;
    if (!('tensor' in outcome)) throw failureOf(outcome);
    if (raw !== undefined) {
      normalize({ width, height, data: raw }, spec.scaling, data as Float32Array);
    }
    return { ...outcome.tensor, data };
  }

  async end(): Promise<void> {
    this.ending = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    // Or whoever waits for this might end before it is told.
    this.hold(true);
    this.child.kill('SIGKILL');
    await closed;
  }

  private async ask(
    asked: unknown,
    bytes: Uint8Array,
    received: Float32Array | Uint8Array,
    signal?: Signal,
  ): Promise<Outcome | Error> {
    const onAbort = (): void => {
      void this.end();
    };
    this.hold(true);
    signal?.addEventListener('abort', onAbort);
    try {
      const outcome = await new Promise<Outcome | Error>((settle) => {
        this.task = { received, settle };
        writeFrame(this.channel, asked, bytes);
      });
      signal?.throwIfAborted();
      return outcome;
    } finally {
      this.task = undefined;
      signal?.removeEventListener('abort', onAbort);
      this.hold(false);
    }
  }

  private open(): Socket {
    const channel = this.child.stdio[CHANNEL] as Socket | null | undefined;
    if (!channel) throw new Error('No process could be started');
    const reader = new FrameReader(
      (outcome, bytes) => this.placeOf(outcome as Outcome, bytes),
      (outcome) => this.task?.settle(outcome as Outcome),
    );
    channel.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.task?.settle(error as Error);
        void this.end();
      }
    });
    // Its end tells more.
    channel.on('error', () => undefined);
    return channel;
  }

  /** Whoever has taken the process over can write just the tensor that was asked for. */
  private placeOf(outcome: Outcome, bytes: number): Uint8Array {
    const data = ('tensor' in outcome ? this.task?.received : undefined) ?? new Uint8Array(0);
    if (bytes !== data.byteLength) throw new Error('Expected a tensor of the size asked for');
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }

  /** Waiting for work keeps no process alive; waiting for an image does. */
  private hold(isHeld: boolean): void {
    if (isHeld) {
      this.child.ref();
      this.channel.ref();
    } else {
      this.child.unref();
      this.channel.unref();
    }
  }
}
