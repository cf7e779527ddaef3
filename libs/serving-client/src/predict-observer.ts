import { InterceptingCall, status, type Interceptor } from '@grpc/grpc-js';

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

/**
 * Tells the observer of a call of the model.
 *
 * @param endedAt told the server that had the call, just before its status is
 */
export function observePredict(
  observer: PredictObserver | undefined,
  model: string,
  endedAt: (backend: string | undefined) => void,
): Interceptor {
  return (options, nextCall) => {
    const call = new InterceptingCall(nextCall(options), {
      start: (metadata, _listener, next) => {
        let hasEnded = false;
        const observed = observer?.started(model);
        for (const [key, value] of Object.entries(observed?.metadata ?? {}))
          metadata.set(key, value);
        next(metadata, {
          onReceiveStatus: (result, pass) => {
            // Once more where a call is cancelled just as its answer comes.
            if (!hasEnded) {
              const backend = backendOf(call);
              endedAt(backend);
              observed?.ended(status[result.code], backend);
            }
            hasEnded = true;
            pass(result);
          },
        });
      },
    });
    return call;
  };
}

/** After retries it is the server of the attempt that counted. */
function backendOf(call: InterceptingCall): string | undefined {
  const peer = call.getPeer();
  return ADDRESS.test(peer) ? peer : undefined;
}
