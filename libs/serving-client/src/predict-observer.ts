import { InterceptingCall, type Interceptor } from '@grpc/grpc-js';

/** Is told of each `Predict` call, however it ends; for counting and tracing. */
export interface PredictObserver {
  started(model: string): ObservedCall;
}

export interface ObservedCall {
  /** Goes along with the call, before what its caller gave: a trace of its own. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * @param code gRPC's name of the status, such as `OK` or `UNAVAILABLE`
   * @param backend address and port of the server that had the call; undefined where none had it
   */
  ended(code: string, backend: string | undefined): void;
}

/** Where a call has no connection, gRPC names its target or `unknown` instead of an address. */
const ADDRESS = /^(\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+(%\w+)?\]):\d+$|^\//i;

/** Tells which server had a call of grpc-js's, undefined where none had it, before its end is told. */
export function tellBackend(tell: (backend: string | undefined) => void): Interceptor {
  return (options, nextCall) => {
    const call = new InterceptingCall(nextCall(options), {
      start: (metadata, _listener, next) => {
        next(metadata, {
          onReceiveStatus: (result, pass) => {
            const peer = call.getPeer();
            tell(ADDRESS.test(peer) ? peer : undefined);
            pass(result);
          },
        });
      },
    });
    return call;
  };
}
