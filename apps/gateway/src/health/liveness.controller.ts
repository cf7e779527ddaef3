import { Controller, Get } from '@nestjs/common';
import { DescribeLiveness } from './health.openapi.js';

/** Says that the process answers; asks no dependency, and stays true while draining. */
@Controller()
export class LivenessController {
  @Get('livez')
  @DescribeLiveness()
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
