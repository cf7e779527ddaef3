import type { ClientHttp2Session } from 'node:http2';
import type { experimental } from '@grpc/grpc-js';

/** A connection of grpc-js's, which connects, pings and gives up; calls on it tell it of themselves. */
export interface GrpcTransport {
  readonly session: ClientHttp2Session;
  /** While calls are in work, the connection is pinged and keeps the process alive. */
  addActiveCall(call: ActiveCall): void;
  removeActiveCall(call: ActiveCall): void;
  /** To be called where the session takes no more calls. */
  handleDisconnect(): void;
}

export interface ActiveCall {
  onDisconnect(): void;
}

const METHODS = ['addActiveCall', 'removeActiveCall', 'handleDisconnect'] as const;

/**
 * The one place that reaches into grpc-js, which makes connections well, but spends more on each call
 * than all else of a request together but its decoding.
 *
 * @returns undefined where it is not connected, or where the library has changed inside
 */
export function transportOf(
  subchannel: experimental.SubchannelInterface | null,
): GrpcTransport | undefined {
  const real = subchannel?.getRealSubchannel() as { transport?: unknown } | undefined;
  const transport = real?.transport as Partial<GrpcTransport> | null | undefined;
  const isAsKnown =
    typeof transport?.session?.request === 'function' &&
    METHODS.every((method) => typeof transport[method] === 'function');
  return isAsKnown ? (transport as GrpcTransport) : undefined;
}
