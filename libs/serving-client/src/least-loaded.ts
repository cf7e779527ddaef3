import {
  type ChannelOptions,
  connectivityState as State,
  experimental,
  Metadata,
} from '@grpc/grpc-js';
import { Backend, leastLoaded } from './backend.js';
import { transportOf } from './grpc-transport.js';
import { type ReadyConnection, ReadyConnections } from './ready-connections.js';

/** Name of the policy in a service config. */
export const LEAST_LOADED = 'least_loaded';

type Endpoints = Parameters<experimental.LoadBalancer['updateAddressList']>[0];
type Helper = experimental.ChannelControlHelper;
type Leaf = InstanceType<typeof experimental.LeafLoadBalancer>;

interface Server {
  readonly leaf: Leaf;
  readonly backend: Backend;
}

/** By address, of every channel of the process; for verdicts on answers that gRPC takes for good. */
const known = new Map<string, Set<Backend>>();

/**
 * Tells balancers that a server's answers cannot be used.
 *
 * @param address as gRPC names it, `1.2.3.4:8500`
 */
export function distrust(address: string): void {
  for (const backend of known.get(address) ?? []) backend.distrust(Date.now());
}

class LeastLoadedConfig implements experimental.TypedLoadBalancingConfig {
  getLoadBalancerName(): string {
    return LEAST_LOADED;
  }

  toJsonObject(): object {
    return { [LEAST_LOADED]: {} };
  }

  static createFromJson(): LeastLoadedConfig {
    return new LeastLoadedConfig();
  }
}

/** A connected server is picked whatever the call. */
const ANY_CALL: experimental.PickArgs = { metadata: new Metadata(), extraPickInfo: {} };

class LeastLoadedPicker implements experimental.Picker {
  private readonly backends: readonly Backend[];
  private next = 0;

  constructor(private readonly servers: readonly Server[]) {
    this.backends = servers.map(({ backend }) => backend);
  }

  /** As `pick`, for a call that begins at once. */
  choose(): ReadyConnection | undefined {
    const { leaf, backend } = this.take();
    const { subchannel } = leaf.getPicker().pick(ANY_CALL);
    const transport = transportOf(subchannel);
    if (subchannel === null || transport === undefined) return undefined;
    return {
      transport,
      address: subchannel.getAddress(),
      started: () => {
        const ended = backend.started(Date.now());
        return (code) => {
          ended(code, Date.now());
        };
      },
    };
  }

  pick(args: experimental.PickArgs): experimental.PickResult {
    const { leaf, backend } = this.take();
    const result = leaf.getPicker().pick(args);
    if (result.pickResultType !== experimental.PickResultType.COMPLETE) return result;
    backend.chosen();
    let ended: ReturnType<Backend['started']> | undefined;
    return {
      ...result,
      onCallStarted: () => {
        result.onCallStarted?.();
        ended = backend.started(Date.now());
      },
      onCallEnded: (code, details, metadata) => {
        result.onCallEnded?.(code, details, metadata);
        ended?.(code, Date.now());
        ended = undefined;
      },
    };
  }

  private take(): Server {
    const index = leastLoaded(this.backends, this.next, Date.now());
    this.next = (index + 1) % this.servers.length;
    return this.servers[index]!;
  }
}

/**
 * A balancing policy for grpc-js: connects to every address of the name and asks the server with the
 * fewest calls in work, so that one which hangs or is slow gets few, and avoids for a while those that
 * fail, which else would draw calls by answering fast. `round_robin` gives a hanging server its full share, and
 * `outlier_detection` looks at ended calls alone, counts callers' mistakes as the server's, and needs five servers.
 */
class LeastLoadedBalancer implements experimental.LoadBalancer {
  private servers = new Map<string, Server>();
  private state = State.IDLE;
  private lastError: string | null = null;
  private isUpdating = false;
  private readonly leafHelper: Helper;
  private connections: ReadyConnections | undefined;

  constructor(private readonly helper: Helper) {
    this.leafHelper = experimental.createChildChannelControlHelper(helper, {
      updateState: (_state, _picker, error) => {
        this.lastError = error ?? this.lastError;
        this.update();
      },
    });
  }

  updateAddressList(
    endpoints: Endpoints,
    _config: experimental.TypedLoadBalancingConfig,
    options: ChannelOptions,
    note: string,
  ): boolean {
    if (!endpoints.ok) {
      // Names that cannot be resolved for a while cost nothing: the servers are where they were.
      if (this.servers.size === 0) this.fail(endpoints.error.details);
      return true;
    }
    this.connections = ReadyConnections.of(options);
    const before = this.servers;
    const started: Leaf[] = [];
    this.servers = new Map();
    this.isUpdating = true;
    for (const endpoint of endpoints.value) {
      const address = experimental.endpointToString(endpoint);
      let server = before.get(address);
      if (server === undefined && !this.servers.has(address)) {
        const leaf = new experimental.LeafLoadBalancer(endpoint, this.leafHelper, options, note);
        server = { leaf, backend: new Backend() };
        remember(endpoint, server.backend);
        started.push(leaf);
      }
      before.delete(address);
      if (server !== undefined) this.servers.set(address, server);
    }
    for (const leaf of started) leaf.startConnecting();
    release(before);
    this.isUpdating = false;
    if (this.servers.size === 0) this.fail(`The name has no addresses. ${note}`);
    else this.update();
    return true;
  }

  exitIdle(): void {
    // Its connections are kept up anyway.
  }

  resetBackoff(): void {
    // Each connection has its own.
  }

  destroy(): void {
    release(this.servers);
    this.servers = new Map();
    this.connections?.withdraw(this);
  }

  getTypeName(): string {
    return LEAST_LOADED;
  }

  private update(): void {
    if (this.isUpdating) return;
    const servers = [...this.servers.values()];
    const states = servers.map(({ leaf }) => leaf.getConnectivityState());
    const ready = servers.filter((_, index) => states[index] === State.READY);
    if (ready.length < servers.length && this.state === State.READY) {
      // A server has gone: perhaps others have come.
      this.helper.requestReresolution();
    }
    const picker = ready.length > 0 ? new LeastLoadedPicker(ready) : undefined;
    this.connections?.offer(this, picker && (() => picker.choose()));
    if (picker) this.tell(State.READY, picker, null);
    else if (states.includes(State.CONNECTING)) {
      this.tell(State.CONNECTING, new experimental.QueuePicker(this), null);
    } else if (states.includes(State.TRANSIENT_FAILURE)) {
      this.fail(`No server can be reached. ${this.lastError ?? ''}`);
    } else this.tell(State.IDLE, new experimental.QueuePicker(this), null);
    for (const { leaf } of servers) {
      if (leaf.getConnectivityState() === State.IDLE) leaf.exitIdle();
    }
  }

  private fail(details: string): void {
    this.tell(State.TRANSIENT_FAILURE, new experimental.UnavailablePicker({ details }), details);
  }

  private tell(state: State, picker: experimental.Picker, error: string | null): void {
    this.state = state;
    this.helper.updateState(state, picker, error);
  }
}

function remember({ addresses }: experimental.Endpoint, backend: Backend): void {
  for (const address of addresses.map(experimental.subchannelAddressToString)) {
    const backends = known.get(address) ?? new Set();
    known.set(address, backends.add(backend));
  }
}

function release(servers: ReadonlyMap<string, Server>): void {
  for (const { leaf, backend } of servers.values()) {
    leaf.destroy();
    for (const [address, backends] of known) {
      backends.delete(backend);
      if (backends.size === 0) known.delete(address);
    }
  }
}

experimental.registerLoadBalancerType(LEAST_LOADED, LeastLoadedBalancer, LeastLoadedConfig);
