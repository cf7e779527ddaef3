import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DescribeReadiness } from './health.openapi.js';
import { Readiness, type ReadinessReport } from './readiness.js';

@Controller()
export class ReadinessController {
  constructor(private readonly readiness: Readiness) {}

  @Get('readyz')
  @DescribeReadiness()
  async readyz(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Omit<ReadinessReport, 'statusCode'>> {
    const { statusCode, status, checks } = await this.readiness.report();
    reply.status(statusCode);
    return { status, checks };
  }
}
