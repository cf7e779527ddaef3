import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readiness, type ReadinessReport } from './readiness.js';

@Controller()
export class ReadinessController {
  constructor(private readonly readiness: Readiness) {}

  @Get('readyz')
  @ApiTags('probes')
  @ApiOperation({ operationId: 'readyz', summary: 'Whether predictions can be asked for' })
  @ApiResponse({ status: 200, description: 'The default model is served, fits and has answered.' })
  @ApiResponse({ status: 503, description: 'It is not, or the process is about to stop.' })
  async readyz(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Omit<ReadinessReport, 'statusCode'>> {
    const { statusCode, status, checks } = await this.readiness.report();
    reply.status(statusCode);
    return { status, checks };
  }
}
