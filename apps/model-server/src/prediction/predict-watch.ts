import { status, type Metadata } from '@grpc/grpc-js';
import type { PredictRequest, PredictResponse } from '#protos';
import { readTraceContext, type Attributes, type Tracing } from '#tracing';
import { ServingError } from '../errors/serving-error.js';
import type { TooComplexRequest } from '../grpc/package-definition.js';
import type { RunTimes } from '../inference/batch.js';
import type { ServingMetrics } from '../metrics/serving-metrics.js';

type Answer = (onRun?: (run: RunTimes) => void) => Promise<PredictResponse>;

/** Counts, times and traces Predict calls, where any of that is wanted. */
export class PredictWatch {
  constructor(
    private readonly metrics: ServingMetrics | undefined,
    private readonly tracing: Tracing | undefined,
  ) {}

  async watch(
    request: PredictRequest | TooComplexRequest,
    metadata: Metadata,
    answer: Answer,
  ): Promise<PredictResponse> {
    const { metrics, tracing } = this;
    if (metrics === undefined && tracing === undefined) return answer();
    const { name = '' } = ('modelSpec' in request && request.modelSpec) || {};
    const startedAt = performance.now();
    const span = tracing?.serve(SPAN_NAME, traceContextOf(metadata), {
      ...RPC,
      'model.name': name,
    });
    const runs = new Runs();
    const end = (code: string, attributes: Attributes): void => {
      metrics?.ended(name, code, (performance.now() - startedAt) * 1000);
      span?.set({ 'rpc.response.status_code': code, ...attributes, ...runs.attributes });
      span?.end(code === 'OK' ? undefined : code);
    };
    try {
      const response = await answer((run) => {
        runs.add(run);
        metrics?.ran(name, run);
      });
      end('OK', versionOf(response));
      return response;
    } catch (error) {
      end(codeOf(error), {});
      throw error;
    }
  }
}

const SPAN_NAME = 'tensorflow.serving.PredictionService/Predict';
const RPC: Attributes = {
  'rpc.system': 'grpc',
  'rpc.service': 'tensorflow.serving.PredictionService',
  'rpc.method': 'Predict',
};

/** What the runs of one request come to: several where it has more rows than a run takes. */
class Runs {
  private count = 0;
  private rows = 0;
  private queuedMs = 0;
  private runMs = 0;

  add({ rows, queuedMs, runMs }: RunTimes): void {
    this.count++;
    this.rows = Math.max(this.rows, rows);
    this.queuedMs = Math.max(this.queuedMs, queuedMs);
    this.runMs += runMs;
  }

  get attributes(): Attributes {
    if (this.count === 0) return {};
    return {
      'model.runs': this.count,
      'model.batch_size': this.rows,
      'model.queue_seconds': this.queuedMs / 1000,
      'model.inference_seconds': this.runMs / 1000,
    };
  }
}

function versionOf({ modelSpec }: PredictResponse): Attributes {
  return {
    'model.version': modelSpec?.version?.value?.toString() ?? '',
    'model.signature': modelSpec?.signatureName ?? '',
  };
}

function codeOf(error: unknown): string {
  return error instanceof ServingError ? status[error.code] : 'INTERNAL';
}

/** The trace that a call is a part of. */
export function traceContextOf(metadata: Metadata) {
  return readTraceContext(metadata.get('traceparent')[0], metadata.get('tracestate')[0]);
}
