import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { projectVersion } from '#project';
import { Readiness } from './readiness.js';
import {
  DescribeLive,
  DescribeReady,
  DescribeServer,
} from '../open-inference/open-inference.openapi.js';

/** What the Open Inference Protocol tells of a server. */
@Controller('v2')
export class OpenInferenceHealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  @DescribeServer()
  server(): object {
    return {
      name: 'image-classification-gateway',
      version: projectVersion,
      // The names that Triton gives them.
      extensions: ['classification', 'binary_tensor_data'],
    };
  }

  @Get('health/live')
  @DescribeLive()
  live(): { live: true } {
    return { live: true };
  }

  @Get('health/ready')
  @DescribeReady()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ ready: boolean }> {
    const { statusCode } = await this.readiness.report();
    reply.status(statusCode);
    return { ready: statusCode === 200 };
  }
}
