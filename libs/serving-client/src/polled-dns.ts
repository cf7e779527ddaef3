import { type ChannelOptions, experimental } from '@grpc/grpc-js';

const SCHEME = 'polled-dns';
const INTERVAL_MS = 5_000;
/** While the name cannot be resolved, or has no address. */
const FAILING_INTERVAL_MS = 500;

type Target = experimental.GrpcUri;
type Listener = experimental.ResolverListener;

/**
 * gRPC's DNS resolver, asked every few seconds. By itself it is asked only when a connection is lost,
 * so that servers which the autoscaler adds get no calls for as long as the old ones live.
 */
class PolledDnsResolver implements experimental.Resolver {
  private readonly dns: experimental.Resolver;
  private timer: NodeJS.Timeout | undefined;
  private known = '';

  constructor(target: Target, listener: Listener, options: ChannelOptions) {
    const onlyNews: Listener = (endpoints, ...rest) => {
      const addresses = endpoints.ok ? addressesOf(endpoints.value) : '';
      this.poll(addresses === '' ? FAILING_INTERVAL_MS : INTERVAL_MS);
      // The same list again would set all connections of the balancer up anew.
      if (addresses !== '' && addresses === this.known) {
        return true;
      }
      this.known = addresses;
      return listener(endpoints, ...rest);
    };
    this.dns = experimental.createResolver({ ...target, scheme: 'dns' }, onlyNews, options);
  }

  updateResolution(): void {
    if (this.timer === undefined) this.poll(INTERVAL_MS);
    this.dns.updateResolution();
  }

  private poll(intervalMs: number): void {
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      this.dns.updateResolution();
    }, intervalMs).unref();
  }

  destroy(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.known = '';
    this.dns.destroy();
  }

  static getDefaultAuthority(target: Target): string {
    return target.path;
  }
}

experimental.registerResolver(SCHEME, PolledDnsResolver);

/** The gRPC target for `host:port` or `dns:…` that is resolved again and again; others as they are. */
export function polledTarget(host: string): string {
  if (/^(unix|unix-abstract|ipv4|ipv6|xds):/.test(host)) {
    return host;
  }
  return host.startsWith('dns:') ? `${SCHEME}${host.slice(3)}` : `${SCHEME}:${host}`;
}

function addressesOf(endpoints: experimental.Endpoint[]): string {
  return endpoints.map(experimental.endpointToString).sort().join();
}
