import { status } from '@grpc/grpc-js';
import { Gauge, type Registry } from 'prom-client';
import { Counter, Histogram } from '#metrics';
import type { ObservedCall, PredictObserver } from '#serving-client';
import type { ModelObserver } from '../models/model-observer.js';
import { UNTIMED, type StageTimes } from '../models/stage-times.js';
import { BackendCalls } from './backend-calls.js';
import { SECONDS } from './buckets.js';
import { ShadowMetrics } from './shadow-metrics.js';
import { VersionMetrics } from './version-metrics.js';

const STAGES = Object.keys(UNTIMED) as (keyof StageTimes)[];
const CODES = Object.values(status).filter((code) => typeof code === 'string');

/** What each model of the catalogue is asked, and how long the stages of its predictions take. */
export class ModelMetrics implements PredictObserver {
  private readonly stages: Histogram;
  private readonly calls: Counter;
  private readonly backends: BackendCalls;
  private readonly versions: VersionMetrics;
  private readonly shadows: ShadowMetrics;
  /** Calls that are not answered yet, by model. */
  private readonly inFlight = new Map<string, number>();
  /** Models that are served no more; what they still have in work is told until it ends. */
  private readonly gone = new Set<string>();

  constructor(registry: Registry) {
    this.stages = new Histogram({
      name: 'gateway_stage_duration_seconds',
      help: 'Stages of predictions: fetch, infer and the total of a request however they ended, decode and resize of images that could be read.',
      labelNames: ['model', 'stage'],
      buckets: SECONDS,
      registry,
      collect: () => {
        this.removeGone();
      },
    });
    this.calls = new Counter({
      name: 'gateway_model_calls_total',
      help: 'Predict calls ended, by gRPC status; those of shadows and of checks are among them.',
      labelNames: ['model', 'code'],
      registry,
    });
    const { inFlight } = this;
    new Gauge({
      name: 'gateway_model_calls_in_flight',
      help: 'Predict calls that the model server has not answered yet.',
      labelNames: ['model'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [model, count] of inFlight) this.set({ model }, count);
      },
    });
    this.backends = new BackendCalls(registry);
    this.versions = new VersionMetrics(registry);
    this.shadows = new ShadowMetrics(registry);
  }

  /** @param model of the catalogue; its series are told from now on */
  observerOf(model: string): ModelObserver {
    this.gone.delete(model);
    this.inFlight.set(model, this.inFlight.get(model) ?? 0);
    this.calls.inc(0, model, 'OK');
    const tellOf = (stage: keyof StageTimes) => {
      const series = this.stages.labels(model, stage);
      return (seconds: number): void => {
        series.observe(seconds);
      };
    };
    return {
      times: {
        fetch: tellOf('fetch'),
        decode: tellOf('decode'),
        resize: tellOf('resize'),
        infer: tellOf('infer'),
        total: tellOf('total'),
      },
      answered: (version, images) => {
        this.versions.count(model, version, images);
      },
      shadowed: (result, difference) => {
        this.shadows.tell(model, result, difference);
      },
    };
  }

  /** The series of a model that was removed go with the next scrape after its last call. */
  forget(model: string): void {
    this.gone.add(model);
  }

  started(model: string): ObservedCall {
    this.inFlight.set(model, (this.inFlight.get(model) ?? 0) + 1);
    return {
      ended: (code, backend) => {
        this.ended(model, code, backend);
      },
    };
  }

  private ended(model: string, code: string, backend: string | undefined): void {
    this.inFlight.set(model, (this.inFlight.get(model) ?? 1) - 1);
    this.calls.inc(1, model, code);
    if (backend !== undefined) this.backends.count(backend);
  }

  private removeGone(): void {
    for (const model of this.gone) {
      if ((this.inFlight.get(model) ?? 0) > 0) continue;
      this.inFlight.delete(model);
      for (const stage of STAGES) this.stages.remove(model, stage);
      for (const code of CODES) this.calls.remove(model, code);
      this.versions.forget(model);
      this.shadows.forget(model);
    }
  }
}
