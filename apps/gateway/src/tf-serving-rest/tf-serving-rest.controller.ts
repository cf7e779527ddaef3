import { Controller, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Signal } from '#cancellation';
import { Guarded } from '../auth/guarded.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { withinDeadline, type Call } from '../http/call.js';
import { TakesManyImages } from '../http/many-images.js';
import { tellTotal } from '../http/tell-total.js';
import { ImageReader } from '../images/image-reader.js';
import { ModelCatalog } from '../models/model-catalog.js';
import { ModelMonitor } from '../models/model-monitor.js';
import { choiceOf, LABEL, NAME, VERSION, type ModelParams } from '../models/model-params.js';
import { InFlight } from '../prediction/in-flight.js';
import { RateLimit } from '../rate-limit/rate-limit.js';
import { renderOutputs } from './predict-answer.js';
import { expectInput, parseInstance, parsePredictBody } from './predict-request.js';
import { renderMetadata, renderStatus } from './status-answer.js';
import {
  DescribeMetadata,
  DescribeModels,
  DescribePredictOutputs,
  DescribeStatus,
} from './tf-serving-rest.openapi.js';

/** TensorFlow Serving's REST API, and KServe's v1 protocol beside it, which share their paths. */
@Controller('v1/models')
export class TfServingRestController {
  constructor(
    private readonly inFlight: InFlight,
    private readonly images: ImageReader,
    private readonly catalog: ModelCatalog,
    private readonly monitor: ModelMonitor,
    private readonly config: GatewayConfig,
    private readonly rateLimit: RateLimit,
  ) {}

  @Get()
  @DescribeModels()
  models(): { models: string[] } {
    return { models: this.catalog.all().map(({ spec }) => spec.name) };
  }

  @Get([NAME, `${NAME}/${VERSION}`, `${NAME}/${LABEL}`])
  @DescribeStatus()
  status(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() params: ModelParams,
  ): Promise<object> {
    const model = this.catalog.get(params.name);
    const choice = choiceOf(params);
    return this.within(request, reply, async (call) => {
      const versions = await model.statuses(choice, call);
      const ready =
        choice.version === undefined && choice.versionLabel === undefined
          ? this.monitor.stateOf(model).ready
          : versions.some(({ state }) => state === 'AVAILABLE');
      return { ...renderStatus(versions), name: params.name, ready };
    });
  }

  @Get([`${NAME}/metadata`, `${NAME}/${VERSION}/metadata`, `${NAME}/${LABEL}/metadata`])
  @DescribeMetadata()
  @Guarded()
  metadata(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() params: ModelParams,
  ): Promise<object> {
    const model = this.catalog.get(params.name);
    const choice = choiceOf(params);
    return this.within(request, reply, async (call) =>
      renderMetadata(params.name, await model.signatures(choice, call)),
    );
  }

  @Post([`${NAME}::predict`, `${NAME}/${VERSION}::predict`, `${NAME}/${LABEL}::predict`])
  @HttpCode(200)
  @Header('content-type', 'application/json; charset=utf-8')
  @DescribePredictOutputs()
  @TakesManyImages('json')
  @Guarded()
  predict(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() params: ModelParams,
  ): Promise<string> {
    const model = this.catalog.get(params.name);
    const { format, images, alias, signatureName } = parsePredictBody(
      request.body,
      this.config.BATCH_MAX_IMAGES,
    );
    this.rateLimit.charge(request, images.length);
    const choice = { ...choiceOf(params), signatureName };
    const work = () =>
      this.within(request, reply, async (call) => {
        const served = await model.choose(choice, call);
        tellTotal(reply, served.times);
        const { inputAlias } = served.input;
        if (alias !== undefined) expectInput(alias, inputAlias);
        const sources = images.map(
          (image) => (signal: Signal) =>
            this.images.load(
              parseInstance(image, inputAlias),
              signal,
              model.times,
              request.heldLinks,
            ),
        );
        const { version, outputs } = await served.predictBatch(sources, call, 'batch', this.images);
        reply.header('x-model-version', version);
        return renderOutputs(outputs, format);
      });
    return this.inFlight.run(work, images.length, params.name);
  }

  private within<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (call: Call) => Promise<T>,
  ): Promise<T> {
    return withinDeadline(request, reply, this.config.PREDICT_TIMEOUT_MS, work);
  }
}
