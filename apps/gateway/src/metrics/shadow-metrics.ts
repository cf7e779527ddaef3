import { Counter, Histogram, type Registry } from 'prom-client';
import type { ShadowResult } from '../models/model-observer.js';

const RESULTS: readonly ShadowResult[] = ['agreed', 'disagreed', 'failed', 'dropped'];
/** From what rounding makes of the same weights to a certainty about another class. */
const DIFFERENCES = [0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1];

/** How a candidate's answers compare to those that were given. */
export class ShadowMetrics {
  private readonly results: Counter<'model' | 'result'>;
  private readonly differences: Histogram<'model'>;

  constructor(registry: Registry) {
    this.results = new Counter({
      name: 'gateway_shadow_predictions_total',
      help: 'Images shown to a shadow: agreed or disagreed on the best class, failed, or dropped for there was too much work.',
      labelNames: ['model', 'result'],
      registers: [registry],
    });
    this.differences = new Histogram({
      name: 'gateway_shadow_probability_difference',
      help: 'Greatest absolute difference of a probability between the answer and the shadow.',
      labelNames: ['model'],
      buckets: DIFFERENCES,
      registers: [registry],
    });
  }

  tell(model: string, result: ShadowResult, difference: number | undefined): void {
    this.results.inc({ model, result });
    if (difference !== undefined) this.differences.observe({ model }, difference);
  }

  forget(model: string): void {
    for (const result of RESULTS) this.results.remove(model, result);
    this.differences.remove(model);
  }
}
