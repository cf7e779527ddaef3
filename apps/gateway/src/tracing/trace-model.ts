import type { ObservedCall, PredictObserver } from '#serving-client';
import type { Attributes, Tracing } from '#tracing';
import { traceHeaders } from '#tracing';
import type { StageTimes } from '../models/stage-times.js';

/** Makes spans of the stages that are told to `times`. */
export function traceStages(times: StageTimes, tracing: Tracing): StageTimes {
  let decodeSeconds = 0;
  return {
    ...times,
    decode: (seconds) => {
      decodeSeconds = seconds;
      times.decode(seconds);
    },
    // Told at once after `decode`, which therefore ended as long ago as this took.
    resize: (seconds) => {
      times.resize(seconds);
      tracing.record('decode', decodeSeconds, seconds);
      tracing.record('resize', seconds);
    },
  };
}

const RPC: Attributes = {
  'rpc.system': 'grpc',
  'rpc.service': 'tensorflow.serving.PredictionService',
  'rpc.method': 'Predict',
};

/** Makes a span of each Predict call that is a part of a request, which the model server then goes on from. */
export class TracedCalls implements PredictObserver {
  constructor(
    private readonly observer: PredictObserver,
    private readonly tracing: Tracing,
  ) {}

  started(model: string): ObservedCall {
    const observed = this.observer.started(model);
    const span = this.tracing.call('infer', { ...RPC, 'model.name': model });
    if (span === undefined) return observed;
    return {
      metadata: traceHeaders(span.context),
      ended: (code, backend) => {
        observed.ended(code, backend);
        span.set({ 'rpc.response.status_code': code, ...addressOf(backend) });
        span.end(code === 'OK' ? undefined : code);
      },
    };
  }
}

function addressOf(backend: string | undefined): Attributes {
  const [, address, port] = /^(.*):(\d+)$/.exec(backend ?? '') ?? [];
  return address === undefined ? {} : { 'server.address': address, 'server.port': Number(port) };
}
