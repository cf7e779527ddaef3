import { Module, type DynamicModule } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { ModelCatalog } from '../models/model-catalog.js';
import { ModelMonitor } from '../models/model-monitor.js';
import { LivenessController } from './liveness.controller.js';
import { OpenInferenceHealthController } from './open-inference-health.controller.js';
import { Readiness } from './readiness.js';
import { ReadinessController } from './readiness.controller.js';

@Module({})
export class HealthModule {
  /** @param shutdownDelayMs from SIGTERM on unready, but still listening, for so long */
  static register(shutdownDelayMs: number): DynamicModule {
    return {
      module: HealthModule,
      // The monitor logs each change once; a line per failed probe would only repeat it.
      imports: [
        TerminusModule.forRoot({ gracefulShutdownTimeoutMs: shutdownDelayMs, logger: false }),
      ],
      controllers: [LivenessController, ReadinessController, OpenInferenceHealthController],
      providers: [
        {
          provide: Readiness,
          inject: [HealthCheckService, HealthIndicatorService, ModelCatalog, ModelMonitor],
          useFactory: (...parts: ConstructorParameters<typeof Readiness>) =>
            new Readiness(...parts),
        },
      ],
    };
  }
}
