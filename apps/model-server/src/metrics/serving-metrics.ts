import {
  collectDefaultMetrics,
  Counter,
  exponentialBuckets,
  Histogram,
  Registry,
} from 'prom-client';
import type { RunTimes } from '../inference/batch.js';

/** TensorFlow Serving's buckets: 10 µs, each 1.8 times the one before, to some 20 minutes. */
const MICROSECONDS = exponentialBuckets(10, 1.8, 33);
/** Of its queue: 100 µs to about a second. */
const QUEUE_MICROSECONDS = exponentialBuckets(100, 1.2, 52);
/** What requests call models that there are not has one label. */
const UNKNOWN = 'unknown';
const API = 'Predict';

/**
 * What Prometheus is told, under TensorFlow Serving's names (servables/tensorflow/util.cc,
 * batching/batching_session.cc), with its labels, units and buckets, so that dashboards and rules serve
 * both servers.
 */
export class ServingMetrics {
  readonly registry = new Registry();
  private readonly requests: Counter<'model_name' | 'status'>;
  private readonly latencies: Histogram<'model_name' | 'API' | 'entrypoint'>;
  private readonly runs: Histogram<'model_name' | 'API' | 'runtime'>;
  private readonly queued: Histogram<'thread_pool_name'>;

  /** @param isModel whether there is a model of a name: no request can add a label */
  constructor(private readonly isModel: (name: string) => boolean) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Counter({
      name: ':tensorflow:serving:request_count',
      help: 'Predict requests answered, by gRPC status.',
      labelNames: ['model_name', 'status'],
      registers,
    });
    this.latencies = new Histogram({
      name: ':tensorflow:serving:request_latency',
      help: 'Microseconds that requests which succeeded took.',
      labelNames: ['model_name', 'API', 'entrypoint'],
      buckets: MICROSECONDS,
      registers,
    });
    this.runs = new Histogram({
      name: ':tensorflow:serving:runtime_latency',
      help: 'Microseconds that the model ran for a request.',
      labelNames: ['model_name', 'API', 'runtime'],
      buckets: MICROSECONDS,
      registers,
    });
    this.queued = new Histogram({
      name: ':tensorflow:serving:batching_session:queuing_latency',
      help: 'Microseconds that a request waited for its run.',
      labelNames: ['thread_pool_name'],
      buckets: QUEUE_MICROSECONDS,
      registers,
    });
  }

  /** @param status gRPC's name of it */
  ended(model: string, status: string, microseconds: number): void {
    const name = this.isModel(model) ? model : UNKNOWN;
    this.requests.inc({ model_name: name, status });
    if (status !== 'OK') return;
    this.latencies.observe({ model_name: name, API, entrypoint: 'GRPC' }, microseconds);
  }

  /** @param model one that there is: it runs */
  ran(model: string, { queuedMs, runMs }: RunTimes): void {
    this.runs.observe({ model_name: model, API, runtime: 'ONNX' }, runMs * 1000);
    this.queued.observe({ thread_pool_name: model }, queuedMs * 1000);
  }
}
