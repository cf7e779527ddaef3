import { Counter, Gauge, type Registry } from 'prom-client';
import type { PredictionCache } from '../prediction/prediction-cache.js';

/** Tells at each scrape how much the cache spares; nothing is counted twice on the way of a request. */
export function tellCache(registry: Registry, cache: PredictionCache): void {
  const registers = [registry];
  new Counter({
    name: 'gateway_cache_hits_total',
    help: 'Predictions answered from the cache, or by a call that another request had begun.',
    registers,
    collect() {
      this.reset();
      this.inc(cache.hits);
    },
  });
  new Counter({
    name: 'gateway_cache_misses_total',
    help: 'Predictions that the model was asked for.',
    registers,
    collect() {
      this.reset();
      this.inc(cache.misses);
    },
  });
  new Gauge({
    name: 'gateway_cache_entries',
    help: 'Predictions kept.',
    registers,
    collect() {
      this.set(cache.size);
    },
  });
}
