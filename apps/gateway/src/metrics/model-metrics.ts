import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { PredictObserver } from '#serving-client';
import type { StageTimes } from '../models/stage-times.js';
import { BackendCalls } from './backend-calls.js';
import { SECONDS } from './buckets.js';

/** What each model of the catalogue is asked, and how long the stages of its predictions take. */
export class ModelMetrics implements PredictObserver {
  private readonly stages: Histogram<'model' | 'stage'>;
  private readonly calls: Counter<'model' | 'code'>;
  private readonly inFlight: Gauge<'model'>;
  private readonly backends: BackendCalls;

  /** @param models the catalogue's names */
  constructor(registry: Registry, models: Iterable<string>) {
    const registers = [registry];
    this.stages = new Histogram({
      name: 'gateway_stage_duration_seconds',
      help: 'Stages of predictions: fetch and infer however they ended, decode and resize of images that could be read.',
      labelNames: ['model', 'stage'],
      buckets: SECONDS,
      registers,
    });
    this.calls = new Counter({
      name: 'gateway_model_calls_total',
      help: 'Predict calls ended, by gRPC status; those that check a new version are among them.',
      labelNames: ['model', 'code'],
      registers,
    });
    this.inFlight = new Gauge({
      name: 'gateway_model_calls_in_flight',
      help: 'Predict calls that the model server has not answered yet.',
      labelNames: ['model'],
      registers,
    });
    this.backends = new BackendCalls(registry);
    for (const model of models) {
      this.calls.inc({ model, code: 'OK' }, 0);
      this.inFlight.set({ model }, 0);
    }
  }

  /** @param model of the catalogue */
  timesOf(model: string): StageTimes {
    const tellOf = (stage: keyof StageTimes) => {
      const series = this.stages.labels(model, stage);
      return (seconds: number): void => {
        series.observe(seconds);
      };
    };
    return {
      fetch: tellOf('fetch'),
      decode: tellOf('decode'),
      resize: tellOf('resize'),
      infer: tellOf('infer'),
    };
  }

  started(model: string): void {
    this.inFlight.inc({ model });
  }

  ended(model: string, code: string, backend: string | undefined): void {
    this.inFlight.dec({ model });
    this.calls.inc({ model, code });
    if (backend !== undefined) this.backends.count(backend);
  }
}
