import { Controller, Header, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NeedsApiKey } from '../auth/needs-api-key.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { withinDeadline } from '../http/call.js';
import { ImageReader } from '../images/image-reader.js';
import { ModelCatalog } from '../models/model-catalog.js';
import { renderScores } from './answer.js';
import { InFlight } from './in-flight.js';
import { DescribePredict } from './predict.openapi.js';
import { parsePredictQuery } from './predict-query.js';

@Controller()
export class PredictController {
  constructor(
    private readonly inFlight: InFlight,
    private readonly images: ImageReader,
    private readonly catalog: ModelCatalog,
    private readonly config: GatewayConfig,
  ) {}

  @Post('predict')
  @HttpCode(200)
  @Header('content-type', 'application/json; charset=utf-8')
  @DescribePredict()
  @NeedsApiKey()
  predict(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: unknown,
  ): Promise<string> {
    return this.inFlight.run(() =>
      withinDeadline(request, reply, this.config.PREDICT_TIMEOUT_MS, async (call) => {
        const { top, model: name, choice } = parsePredictQuery(query);
        const model = await this.catalog.get(name).choose(choice, call);
        const image = await this.images.read(request, call, model.times);
        const { version, probabilities } = await model.predict(image, call);
        reply.header('x-model-version', version);
        return renderScores(model.spec.labels, probabilities, top);
      }),
    );
  }
}
