import type { Registry } from 'prom-client';
import { Counter } from '#metrics';

/** Of one model; the one that has not answered for longest is told no more. */
const MAX_VERSIONS = 8;

/** Images by the version that answered, of a bounded number of versions. */
export class VersionMetrics {
  private readonly predictions: Counter;
  /** By model, in the order of their last answers. */
  private readonly versions = new Map<string, Set<string>>();

  constructor(registry: Registry) {
    this.predictions = new Counter({
      name: 'gateway_predictions_total',
      help: 'Images predicted, by the version of the model that answered.',
      labelNames: ['model', 'version'],
      registry,
    });
  }

  count(model: string, version: string, images: number): void {
    let versions = this.versions.get(model);
    if (versions === undefined) this.versions.set(model, (versions = new Set()));
    versions.delete(version);
    versions.add(version);
    if (versions.size > MAX_VERSIONS) {
      const [oldest] = versions;
      versions.delete(oldest!);
      this.predictions.remove(model, oldest!);
    }
    this.predictions.inc(images, model, version);
  }

  forget(model: string): void {
    for (const version of this.versions.get(model) ?? []) this.predictions.remove(model, version);
    this.versions.delete(model);
  }
}
