import { HttpException } from '@nestjs/common';
import type {
  HealthCheckResult,
  HealthCheckService,
  HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import type { CatalogModel } from '../models/catalog-model.js';
import type { ModelCatalog } from '../models/model-catalog.js';
import { NOT_CHECKED, type ModelMonitor } from '../models/model-monitor.js';

export interface ReadinessReport {
  /** Of HTTP: 200 or 503. */
  readonly statusCode: number;
  readonly status: string;
  readonly checks: HealthIndicatorResult;
}

/** Whether requests should come here: the default model gates it, the others are told. */
export class Readiness {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly catalog: ModelCatalog,
    private readonly monitor: ModelMonitor,
  ) {}

  /** From memory; what drains is not ready. */
  async report(): Promise<ReadinessReport> {
    try {
      return toReport(200, await this.health.check(this.checks()));
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      return toReport(error.getStatus(), error.getResponse() as HealthCheckResult);
    }
  }

  private checks(): (() => HealthIndicatorResult)[] {
    const { catalog } = this;
    return [
      ...catalog.all().map((model) => () => this.checkOf(model)),
      ...[...catalog.candidates.values()].map((model) => () => this.checkOfCandidate(model)),
      ...[...catalog.faults].map(
        ([what, reason]) =>
          () =>
            this.told(what, reason),
      ),
    ];
  }

  private checkOf(model: CatalogModel): HealthIndicatorResult {
    const session = this.indicators.check(model.spec.name);
    const state = this.monitor.stateOf(model);
    if (state.ready) {
      const version = state.versions.join(', ');
      return state.faults.length === 0
        ? session.up({ version })
        : session.degraded({ version, reason: state.faults.join('; ') });
    }
    const { reason } = state;
    return model === this.catalog.defaultModel
      ? session.down({ reason })
      : session.degraded({ reason });
  }

  /** The model of the spec before it answers meanwhile. */
  private checkOfCandidate(model: CatalogModel): HealthIndicatorResult {
    const state = this.monitor.stateOf(model);
    return state.ready || state === NOT_CHECKED
      ? {}
      : this.told(`spec ${model.entry.file}`, state.reason);
  }

  private told(what: string, reason: string): HealthIndicatorResult {
    return this.indicators.check(what).degraded({ reason });
  }
}

function toReport(statusCode: number, { status, details }: HealthCheckResult): ReadinessReport {
  return { statusCode, status, checks: details };
}
