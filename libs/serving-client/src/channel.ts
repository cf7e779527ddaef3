import type { ChannelOptions } from '@grpc/grpc-js';
import { SERVING_PACKAGE } from '#protos';
import { packageDefinition } from './package-definition.js';
import { polledTarget } from './polled-dns.js';

export interface ServingClientOptions {
  /** `host:port`, or a gRPC target such as `dns:///name:port`. */
  host: string;
}

const MEBIBYTE = 1024 * 1024;

/** Options of a grpc-js channel, each away from its default for the reason beside it. */
const CHANNEL_OPTIONS: ChannelOptions = {
  // Every address of the name takes part, not only the first that connects.
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  // Or each resolution would ask for a TXT record too, and its answer would replace the above.
  'grpc.service_config_disable_resolution': 1,
  // The default of 30 s would slow the resolver's polling down to that.
  'grpc.dns_min_time_between_resolutions_ms': 2_000,
  // While a server is down, calls fail at once; these bound how long they do after it is back.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // A peer that vanished without a word is noticed. Only while calls wait: gRPC's C++ server answers
  // idle or frequent pings with GOAWAY (too_many_pings).
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // The default for answers is 4 MiB. Requests have no limit of gRPC's; their size is the caller's.
  'grpc.max_receive_message_length': 256 * MEBIBYTE,
  'grpc.max_send_message_length': -1,
  // HTTP_PROXY is for the internet; the model server is a neighbour.
  'grpc.enable_http_proxy': 0,
  // Bookkeeping per call that nobody reads.
  'grpc.enable_channelz': 0,
};

/** Options for Nest's gRPC client. */
export function grpcClientOptions({ host }: ServingClientOptions) {
  return {
    url: polledTarget(host),
    package: SERVING_PACKAGE,
    packageDefinition,
    // A copy: Nest writes into it.
    channelOptions: { ...CHANNEL_OPTIONS },
  };
}
