import type { ChannelOptions } from '@grpc/grpc-js';
import { SERVING_PACKAGE } from '#protos';
import { LEAST_LOADED } from './least-loaded.js';
import { packageDefinition } from './package-definition.js';
import { polledTarget } from './polled-dns.js';
import type { ReadyConnections } from './ready-connections.js';

export interface ServingClientOptions {
  /** `host:port`, or a gRPC target such as `dns:///name:port`. */
  host: string;
}

const MEBIBYTE = 1024 * 1024;
export const MAX_ANSWER_BYTES = 64 * MEBIBYTE;

/** gRPC's service config (proposal A2); here because no server of the name hands one out. */
const SERVICE_CONFIG = {
  // Every address of the name takes part, not only the first that connects.
  loadBalancingConfig: [{ [LEAST_LOADED]: {} }],
};

/** Options of a grpc-js channel, each away from its default for the reason beside it. */
const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
  // Or each resolution would ask for a TXT record too, and its answer would replace the above.
  'grpc.service_config_disable_resolution': 1,
  // The default of 30 s would slow the resolver's polling down to that.
  'grpc.dns_min_time_between_resolutions_ms': 500,
  // While a server is down, calls fail at once; these bound how long they do after it is back.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // A peer that vanished without a word is noticed. Only while calls wait: gRPC's C++ server answers
  // idle or frequent pings with GOAWAY (too_many_pings).
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // The default for answers is 4 MiB, less than masks of a batch need. Requests have no limit of gRPC's;
  // their size is the caller's.
  'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  'grpc.max_send_message_length': -1,
  // Calls are tried again by us, also those that go past grpc-js.
  'grpc.enable_retries': 0,
  // It does not see those calls, and would close the connections of a channel that is idle by its count.
  'grpc.client_idle_timeout_ms': 2 ** 31 - 1,
  // HTTP_PROXY is for the internet; the model server is a neighbour.
  'grpc.enable_http_proxy': 0,
  // Bookkeeping per call that nobody reads.
  'grpc.enable_channelz': 0,
};

/** Options for Nest's gRPC client, whose balancer leaves its connections where they are given. */
export function grpcClientOptions({ host }: ServingClientOptions, connections: ReadyConnections) {
  return {
    url: polledTarget(host),
    package: SERVING_PACKAGE,
    packageDefinition,
    // A copy: Nest writes into it.
    channelOptions: { ...CHANNEL_OPTIONS, ...connections.option },
  };
}
