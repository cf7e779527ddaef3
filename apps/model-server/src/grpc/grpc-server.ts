import { Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';
import { ServerGrpc } from '@nestjs/microservices';
import { HEALTH_PACKAGE, SERVING_PACKAGE } from '#protos';
import { packageDefinition } from './package-definition.js';

/** A batch of 32 pictures of 299×299 as float32 is 34 MB; also what a request may unfold to. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Calls that are still running this long after the server was closed are cut off, ms. */
const DRAIN_TIMEOUT_MS = 30_000;

export interface GrpcServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  /** Undefined: connections live as long as their clients like. */
  maxConnectionAgeMs: number | undefined;
}

/**
 * Nest's gRPC server, but one that tells the port it got, listens only once its services are
 * known, and whose drain ends.
 */
export class GrpcServer extends ServerGrpc {
  private server: Server | undefined;
  private boundPort = 0;

  constructor(private readonly address: GrpcServerOptions) {
    super({ package: [SERVING_PACKAGE, HEALTH_PACKAGE], packageDefinition });
  }

  /** Where it listens, once it does. */
  get port(): number {
    return this.boundPort;
  }

  override createClient(): Promise<Server> {
    this.server = new Server(channelOptions(this.address.maxConnectionAgeMs));
    return Promise.resolve(this.server);
  }

  /** @throws Error in one line where the address cannot be had */
  override async start(callback?: () => void): Promise<void> {
    await this.bindEvents();
    const { host, port } = this.address;
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.boundPort = await new Promise<number>((resolve, reject) => {
      this.server!.bindAsync(target, ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(new Error(`Cannot listen on ${target}: ${reasonOf(error)}`, { cause: error }));
      });
    });
    callback?.();
  }

  /** Refuses new connections and calls, and lets those in flight finish. */
  override async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        server.forceShutdown();
      }, DRAIN_TIMEOUT_MS);
      server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** The operating system's words, from those of the library. */
function reasonOf({ message }: Error): string {
  return /errors: \[(.*)\]$/.exec(message)?.[1] ?? message;
}

function channelOptions(maxConnectionAgeMs: number | undefined): ServerOptions {
  return {
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // Finds out clients that vanished without a word, so that their calls can be dropped.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    ...(maxConnectionAgeMs === undefined
      ? {}
      : {
          'grpc.max_connection_age_ms': maxConnectionAgeMs,
          'grpc.max_connection_age_grace_ms': DRAIN_TIMEOUT_MS,
        }),
  };
}
