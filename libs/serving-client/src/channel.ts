import type { ChannelOptions } from '@grpc/grpc-js';
import { SERVING_PACKAGE } from '#protos';
import { LEAST_LOADED } from './least-loaded.js';
import { packageDefinition } from './package-definition.js';
import { polledTarget } from './polled-dns.js';

export interface ServingClientOptions {
  /** `host:port`, or a gRPC target such as `dns:///name:port`. */
  host: string;
}

const MEBIBYTE = 1024 * 1024;

/** gRPC's service config (proposals A2, A6); here because no server of the name hands one out. */
const SERVICE_CONFIG = {
  // Every address of the name takes part, not only the first that connects.
  loadBalancingConfig: [{ [LEAST_LOADED]: {} }],
  methodConfig: [
    {
      // Its methods only read, so that a call which a dying server may have answered can be made
      // again. Status is asked again and again anyway: with it, an outage would use up the allowance
      // below.
      name: [{ service: `${SERVING_PACKAGE}.PredictionService` }],
      retryPolicy: {
        maxAttempts: 3,
        // A lost connection has left the balancer by then.
        initialBackoff: '0.05s',
        backoffMultiplier: 4,
        maxBackoff: '1s',
        // Lost connections, and calls that a server let go of as it shut down.
        retryableStatusCodes: ['UNAVAILABLE', 'CANCELLED'],
      },
    },
  ],
  // 64 failures, and then one more for every five successes: what is in work on one dead server of
  // several is saved, an outage is not tripled.
  retryThrottling: { maxTokens: 128, tokenRatio: 0.2 },
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
  'grpc.max_receive_message_length': 64 * MEBIBYTE,
  'grpc.max_send_message_length': -1,
  // A message past the first limit (1 MiB by default, less than one image) or all together past the
  // second are not tried again. Only counted: the messages are kept for their first attempt anyway.
  'grpc.per_rpc_retry_buffer_size': 256 * MEBIBYTE,
  'grpc.retry_buffer_size': 1024 * MEBIBYTE,
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
