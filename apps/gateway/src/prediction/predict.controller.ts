import { Controller, Header, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Guarded } from '../auth/guarded.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { withinDeadline, type Call } from '../http/call.js';
import { tellTotal } from '../http/tell-total.js';
import { ImageReader } from '../images/image-reader.js';
import type { Classification } from '../models/classifier.js';
import { ModelCatalog } from '../models/model-catalog.js';
import type { ServedModel } from '../models/served-model.js';
import type { StageTimes } from '../models/stage-times.js';
import { renderScores } from './answer.js';
import { etagOf, isListed } from './etag.js';
import { InFlight } from './in-flight.js';
import { DescribePredict } from './predict.openapi.js';
import { parsePredictQuery } from './predict-query.js';
import { PredictionCache } from './prediction-cache.js';
import { ServerTiming } from './server-timing.js';

@Controller()
export class PredictController {
  constructor(
    private readonly inFlight: InFlight,
    private readonly images: ImageReader,
    private readonly catalog: ModelCatalog,
    private readonly config: GatewayConfig,
    @Inject(PredictionCache) private readonly cache: PredictionCache | undefined,
  ) {}

  @Post('predict')
  @HttpCode(200)
  @Header('content-type', 'application/json; charset=utf-8')
  @DescribePredict()
  @Guarded()
  predict(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: unknown,
  ): Promise<string> {
    const { top, model: name, choice } = parsePredictQuery(query);
    const catalogued = this.catalog.get(name);
    const work = () =>
      withinDeadline(request, reply, this.config.PREDICT_TIMEOUT_MS, async (call) => {
        const model = await catalogued.choose(choice, call);
        tellTotal(reply, model.times);
        const timing = new ServerTiming(model.times);
        const image = await this.images.read(request, call, timing);
        try {
          const prediction = await this.ask(model, image, call, timing, top, request, reply);
          let answer = '';
          if (prediction !== undefined) {
            const { version, probabilities } = prediction;
            reply.header('x-model-version', version);
            answer = renderScores(model.spec.labels, probabilities, top);
          }
          reply.header('server-timing', timing.header(reply.elapsedTime));
          return answer;
        } finally {
          this.images.release(image);
        }
      });
    return this.inFlight.run(work, 1, catalogued.spec.name);
  }

  /** @returns undefined where the caller has the answer already, which the reply then says */
  private async ask(
    model: ServedModel,
    image: Uint8Array,
    call: Call,
    times: StageTimes,
    top: number | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Classification | undefined> {
    const { cache } = this;
    if (cache === undefined) return model.predict(image, call, times);
    const key = await cache.keyOf(model, image, call);
    const etag = etagOf(key, top);
    if (isListed(etag, request.headers['if-none-match'])) {
      reply.status(304).headers({ etag, 'x-model-version': key.version });
      return undefined;
    }
    const answer = await cache.predict(key, model, image, call, times);
    if (answer.version === key.version) reply.header('etag', etag);
    return answer;
  }
}
