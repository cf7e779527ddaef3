import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Logger } from '#logging';
import type { Environment } from '#config';
import { projectPath } from '#project';

const MAIN = projectPath('dist', 'apps', 'model-server', 'src', 'main.js');
const RESTART_DELAY_MS = 1000;

/**
 * The model server as a process of its own, so that inference never holds up HTTP. It listens on
 * loopback alone, and ends by itself when this process goes.
 */
export class EmbeddedModelServer {
  private child: ChildProcess | undefined;
  private stopping = false;
  /** Rejects where the server ends before it listens; it has then said why itself. */
  readonly listening: Promise<void>;

  /**
   * Starts the server.
   *
   * @param port of loopback; 0 takes any free one
   * @param environment what else the server reads
   */
  constructor(
    private port: number,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {
    this.listening = this.launch();
    // Whoever needs the server awaits it; until then a failure is not an unhandled one.
    this.listening.catch(() => undefined);
  }

  /** gRPC target, once it listens. */
  get target(): string {
    return `127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }

  private launch(): Promise<void> {
    if (!existsSync(MAIN)) {
      return Promise.reject(
        new Error(
          'TF_SERVING_HOST: expected the address of a model server; none is built in here.',
        ),
      );
    }
    const child = fork(MAIN, {
      env: {
        // Beside the gateway's own log, only what is amiss is worth a line.
        LOG_LEVEL: 'warn',
        ...this.environment,
        // Or its spans would be told as the gateway's.
        OTEL_SERVICE_NAME: 'model-server',
        HOST: '127.0.0.1',
        GRPC_PORT: String(this.port),
      },
      // A terminal's Ctrl-C must reach this process alone, which drains before it stops the child.
      detached: true,
    });
    this.child = child;
    return new Promise((resolve, reject) => {
      let listening = false;
      child.on('message', (message: { ready?: boolean; port?: number }) => {
        if (message.ready !== true) return;
        listening = true;
        this.port = message.port ?? this.port;
        resolve();
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        if (this.stopping) return;
        if (listening) this.restart(code ?? signal);
        else reject(new Error('The embedded model server did not start.'));
      });
    });
  }

  private restart(exit: number | string | null): void {
    this.logger.error({ exit }, 'the embedded model server ended; starting it again');
    setTimeout(() => {
      if (this.stopping) return;
      this.launch().catch(() => {
        this.restart('start failed');
      });
    }, RESTART_DELAY_MS);
  }
}
