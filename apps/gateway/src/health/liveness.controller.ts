import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

/** Says that the process answers; asks no dependency, and stays true while draining. */
@Controller()
export class LivenessController {
  @Get('livez')
  @ApiTags('probes')
  @ApiOperation({ operationId: 'livez', summary: 'Whether the process answers' })
  @ApiResponse({ status: 200, description: 'It does.' })
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
