import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
} from '@nestjs/common';
import { ClientProxyFactory, ClientsModule, Transport } from '@nestjs/microservices';
import { grpcClientOptions, type ServingClientOptions } from './channel.js';
import type { PredictObserver } from './predict-observer.js';
import { ReadyConnections } from './ready-connections.js';
import { type GrpcClient, ServingClient } from './serving-client.js';

export interface ServingClientModuleOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: FactoryProvider['inject'];
  useFactory: FactoryProvider<ServingClientOptions | Promise<ServingClientOptions>>['useFactory'];
  observer?: PredictObserver;
}

const GRPC_CLIENT = Symbol('GRPC_CLIENT');

/** Provides a `ServingClient`; its connections close with the application. */
@Module({})
export class ServingClientModule {
  static forRootAsync({
    imports,
    inject,
    useFactory,
    observer,
  }: ServingClientModuleOptions): DynamicModule {
    const connections = new ReadyConnections();
    return {
      module: ServingClientModule,
      imports: [
        ClientsModule.registerAsync([
          {
            name: GRPC_CLIENT,
            imports,
            inject,
            useFactory: async (...args: unknown[]) =>
              grpcOptions(await useFactory(...args), connections),
          },
        ]),
      ],
      providers: [
        {
          provide: ServingClient,
          inject: [GRPC_CLIENT],
          useFactory: (grpc: GrpcClient) => new ServingClient(grpc, connections, observer),
        },
      ],
      exports: [ServingClient],
    };
  }
}

/** A client outside of an application, for a script or a test; whoever creates it closes it. */
export function createServingClient(
  options: ServingClientOptions,
  observer?: PredictObserver,
): ServingClient {
  const connections = new ReadyConnections();
  const grpc = ClientProxyFactory.create(grpcOptions(options, connections));
  return new ServingClient(grpc, connections, observer);
}

function grpcOptions(options: ServingClientOptions, connections: ReadyConnections) {
  return { transport: Transport.GRPC as const, options: grpcClientOptions(options, connections) };
}
