import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { map, type Observable } from 'rxjs';
import type { HealthCheckRequest, HealthCheckResponse } from '#protos';
import { unknownHealthService } from '../errors/messages.js';
import { HealthService } from './health.service.js';

/** grpc.health.v1.Health */
@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @GrpcMethod('Health', 'Check')
  check({ service = '' }: HealthCheckRequest): HealthCheckResponse {
    const status = this.health.check(service);
    if (status === 'SERVICE_UNKNOWN') throw unknownHealthService();
    return { status };
  }

  /** A service that is not known is told as such, and watched all the same: it may appear. */
  @GrpcMethod('Health', 'Watch')
  watch({ service = '' }: HealthCheckRequest): Observable<HealthCheckResponse> {
    return this.health.watch(service).pipe(map((status) => ({ status })));
  }
}
