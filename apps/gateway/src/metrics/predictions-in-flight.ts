import { Counter, Gauge, type Registry } from 'prom-client';
import type { InFlight } from '../prediction/in-flight.js';

/** Tells at each scrape how much work there is; nothing is counted twice on the way of a request. */
export function tellInFlight(registry: Registry, inFlight: InFlight): void {
  const registers = [registry];
  new Gauge({
    name: 'gateway_predictions_in_flight',
    help: 'Images that are in work.',
    registers,
    collect() {
      this.set(inFlight.count);
    },
  });
  new Gauge({
    name: 'gateway_predictions_in_flight_limit',
    help: 'How many may be in work at once: MAX_INFLIGHT.',
    registers,
  }).set(inFlight.max);
  new Counter({
    name: 'gateway_predictions_shed_total',
    help: 'Requests for predictions refused as OVERLOADED because that many were in work.',
    registers,
    collect() {
      this.reset();
      this.inc(inFlight.refused);
    },
  });
}
