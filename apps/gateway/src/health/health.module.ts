import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { LivenessController } from './liveness.controller.js';
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
      controllers: [LivenessController, ReadinessController],
    };
  }
}
