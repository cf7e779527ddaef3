import { Controller, Header, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Signal } from '#cancellation';
import { DomainError } from '#errors';
import { Guarded } from '../auth/guarded.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { reportProblem } from '../errors/report-problem.js';
import { withinDeadline } from '../http/call.js';
import { TakesManyImages } from '../http/many-images.js';
import { tellTotal } from '../http/tell-total.js';
import { ImageReader } from '../images/image-reader.js';
import { parseImageRequest } from '../images/image-request.js';
import { ModelCatalog } from '../models/model-catalog.js';
import type { BatchPrediction } from '../models/predict-batch.js';
import type { ServedModel } from '../models/served-model.js';
import { renderScores } from '../prediction/answer.js';
import { InFlight } from '../prediction/in-flight.js';
import { RateLimit } from '../rate-limit/rate-limit.js';
import { parsePredictQuery } from '../prediction/predict-query.js';
import { parseBatchRequest } from './batch-request.js';
import { DescribeBatch } from './batch.openapi.js';

@Controller()
export class BatchController {
  constructor(
    private readonly inFlight: InFlight,
    private readonly images: ImageReader,
    private readonly catalog: ModelCatalog,
    private readonly config: GatewayConfig,
    private readonly rateLimit: RateLimit,
  ) {}

  @Post('predict/batch')
  @HttpCode(200)
  @Header('content-type', 'application/json; charset=utf-8')
  @DescribeBatch()
  @TakesManyImages('typed')
  @Guarded()
  predict(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: unknown,
  ): Promise<string> {
    const { top, model: name, choice } = parsePredictQuery(query);
    const images = parseBatchRequest(request.body, this.config.BATCH_MAX_IMAGES);
    this.rateLimit.charge(request, images.length);
    const catalogued = this.catalog.get(name);
    const work = () =>
      withinDeadline(request, reply, this.config.PREDICT_TIMEOUT_MS, async (call) => {
        const model = await catalogued.choose(choice, call);
        tellTotal(reply, model.times);
        const sources = images.map(
          (image) => (signal: Signal) =>
            this.images.load(parseImageRequest(image), signal, model.times, request.heldLinks),
        );
        const batch = await model.predictBatch(sources, call, 'row', this.images);
        if (batch.version !== undefined) reply.header('x-model-version', batch.version);
        const places = batch.rows.map((row) => renderPlace(request, model, batch, row, top));
        return `{"predictions":[${places.join(',')}]}`;
      });
    return this.inFlight.run(work, images.length, catalogued.spec.name);
  }
}

function renderPlace(
  request: FastifyRequest,
  { spec, scores }: ServedModel,
  { outputs }: BatchPrediction,
  row: number | DomainError,
  top: number | undefined,
): string {
  try {
    if (row instanceof DomainError) throw row;
    return renderScores(spec.labels, scores.probabilitiesOf(outputs, row), top);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return JSON.stringify({ error: reportProblem(request, error) });
  }
}
