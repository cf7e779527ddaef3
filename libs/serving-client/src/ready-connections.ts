import { experimental, type status } from '@grpc/grpc-js';
import type { GrpcTransport } from './grpc-transport.js';

/** A server that a call can be sent to at once. */
export interface ReadyConnection {
  readonly transport: GrpcTransport;
  /** As gRPC names it, `1.2.3.4:8500`. */
  readonly address: string;
  /** Tells the balancer that a call begins; what it returns is to be called once, when the call ends. */
  started(): (code: status) => void;
}

/** What a balancer offers: the server whose turn it is, where calls can be sent to it past grpc-js. */
export type ChooseConnection = () => ReadyConnection | undefined;

/** Left out of what makes two channels share their connections. */
const OPTION = `${experimental.SUBCHANNEL_ARGS_EXCLUDE_KEY_PREFIX}.ready-connections`;

/** Where the balancer of a channel leaves its connections, for calls that do not go through the channel. */
export class ReadyConnections {
  private owner: object | undefined;
  private chooseOne: ChooseConnection | undefined;

  /** To be among the options of the channel. */
  get option(): Record<string, this> {
    return { [OPTION]: this };
  }

  static of(options: Record<string, unknown>): ReadyConnections | undefined {
    return options[OPTION] as ReadyConnections | undefined;
  }

  /** The server to ask; undefined while none is connected, which is for the channel to mend. */
  choose(): ReadyConnection | undefined {
    return this.chooseOne?.();
  }

  /**
   * Of several balancers, one for each service of a server, it listens to the first: only one that has
   * all calls knows how many are in work.
   */
  offer(owner: object, choose: ChooseConnection | undefined): void {
    this.owner ??= owner;
    if (this.owner === owner) this.chooseOne = choose;
  }

  /** The balancer is gone: another may take its place. */
  withdraw(owner: object): void {
    if (this.owner !== owner) return;
    this.owner = undefined;
    this.chooseOne = undefined;
  }
}
