import { Gauge, type Registry } from 'prom-client';
import type { ModelCatalog } from '../models/model-catalog.js';
import type { ModelMonitor } from '../models/model-monitor.js';

/** Tells at each scrape what the monitor knows of each model. */
export function tellModelStates(
  registry: Registry,
  catalog: ModelCatalog,
  monitor: ModelMonitor,
): void {
  const registers = [registry];
  new Gauge({
    name: 'gateway_model_ready',
    help: '1 where the model is served, fits its spec and has answered.',
    labelNames: ['model'],
    registers,
    collect() {
      // Or models that were removed, and the version before, would be told for ever.
      this.reset();
      for (const model of catalog.all()) {
        this.set({ model: model.spec.name }, monitor.stateOf(model).ready ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'gateway_model_version',
    help: '1 for each version of a ready model that requests get which choose none.',
    labelNames: ['model', 'version'],
    registers,
    collect() {
      this.reset();
      for (const model of catalog.all()) {
        const state = monitor.stateOf(model);
        for (const version of state.ready ? state.versions : []) {
          this.set({ model: model.spec.name, version }, 1);
        }
      }
    },
  });
}
