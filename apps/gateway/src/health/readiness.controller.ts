import { Controller, Get, HttpException, Res } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ModelCatalog } from '../models/model-catalog.js';
import { ModelMonitor, NOT_CHECKED } from '../models/model-monitor.js';
import type { CatalogModel } from '../models/catalog-model.js';

interface Readiness {
  readonly status: string;
  readonly checks: HealthIndicatorResult;
}

/** Whether requests should come here: the default model gates it, the others are told. */
@Controller()
export class ReadinessController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly catalog: ModelCatalog,
    private readonly monitor: ModelMonitor,
  ) {}

  @Get('readyz')
  @ApiTags('probes')
  @ApiOperation({ operationId: 'readyz', summary: 'Whether predictions can be asked for' })
  @ApiResponse({ status: 200, description: 'The default model is served, fits and has answered.' })
  @ApiResponse({ status: 503, description: 'It is not, or the process is about to stop.' })
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    try {
      return toReadiness(await this.health.check(this.checks()));
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      reply.status(error.getStatus());
      return toReadiness(error.getResponse() as HealthCheckResult);
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

function toReadiness({ status, details }: HealthCheckResult): Readiness {
  return { status, checks: details };
}
