import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Signal } from '#cancellation';
import { DomainError } from '#errors';
import { Guarded } from '../auth/guarded.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { InvalidRequestError } from '../errors/errors.js';
import { withinDeadline, type Call } from '../http/call.js';
import { BINARY_TYPE, TakesManyImages } from '../http/many-images.js';
import { tellTotal } from '../http/tell-total.js';
import { ImageReader } from '../images/image-reader.js';
import { ModelCatalog } from '../models/model-catalog.js';
import { ModelMonitor } from '../models/model-monitor.js';
import { choiceOf, NAME, VERSION, type ModelParams } from '../models/model-params.js';
import { InFlight } from '../prediction/in-flight.js';
import { RateLimit } from '../rate-limit/rate-limit.js';
import { JSON_LENGTH_HEADER, splitBody } from './binary-data.js';
import { renderOutput, type InferAnswer } from './infer-answer.js';
import { INPUT, parseInferRequest } from './infer-request.js';
import { DescribeInfer, DescribeModel, DescribeModelReady } from './open-inference.openapi.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** The models in the Open Inference Protocol, version 2. */
@Controller('v2/models')
export class OpenInferenceController {
  constructor(
    private readonly inFlight: InFlight,
    private readonly images: ImageReader,
    private readonly catalog: ModelCatalog,
    private readonly monitor: ModelMonitor,
    private readonly config: GatewayConfig,
    private readonly rateLimit: RateLimit,
  ) {}

  @Get([NAME, `${NAME}/${VERSION}`])
  @DescribeModel()
  model(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() params: ModelParams,
  ): Promise<object> {
    const model = this.catalog.get(params.name);
    const choice = choiceOf(params);
    return this.within(request, reply, async (call) => {
      const { scores } = await model.choose(choice, call);
      const versions = await model.statuses(choice, call);
      return {
        name: params.name,
        versions: versions
          .filter(({ state }) => state === 'AVAILABLE')
          .map(({ version }) => version),
        platform: 'tensorflow_serving',
        inputs: [{ name: INPUT, datatype: 'BYTES', shape: [-1] }],
        outputs: [
          { name: scores.outputAlias, datatype: 'FP32', shape: [-1, model.spec.labels.length] },
        ],
      };
    });
  }

  @Get([`${NAME}/ready`, `${NAME}/${VERSION}/ready`])
  @DescribeModelReady()
  async ready(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() params: ModelParams,
  ): Promise<object> {
    const ready = await this.isReady(request, reply, params);
    reply.status(ready ? 200 : 503);
    return { name: params.name, ready };
  }

  @Post([`${NAME}/infer`, `${NAME}/${VERSION}/infer`])
  @HttpCode(200)
  @DescribeInfer()
  @TakesManyImages('json-and-binary')
  @Guarded()
  infer(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() params: ModelParams,
  ): Promise<string | Buffer> {
    const model = this.catalog.get(params.name);
    const choice = choiceOf(params);
    const { json, binary } = splitBody(request.body, request.headers);
    const asked = parseInferRequest(json, binary, this.config.BATCH_MAX_IMAGES);
    this.rateLimit.charge(request, asked.images.length);
    const work = () =>
      this.within(request, reply, async (call) => {
        const served = await model.choose(choice, call);
        tellTotal(reply, served.times);
        const alias = served.scores.outputAlias;
        const { name = alias } = asked.output;
        if (name !== alias) throw new InvalidRequestError(`Expected the output "${alias}".`);
        const sources = asked.images.map(
          (image) => (signal: Signal) =>
            typeof image === 'string'
              ? this.images.load({ image }, signal, model.times, undefined)
              : this.images.taken(image),
        );
        const { version, outputs } = await served.predictBatch(sources, call, 'batch', this.images);
        const { labels } = model.spec;
        const answer = renderOutput(outputs[alias]!, { ...asked.output, name }, labels);
        reply.header('x-model-version', version);
        const head = { model_name: params.name, model_version: version, id: asked.id };
        return send(reply, head, answer);
      });
    return this.inFlight.run(work, asked.images.length, params.name);
  }

  private async isReady(
    request: FastifyRequest,
    reply: FastifyReply,
    params: ModelParams,
  ): Promise<boolean> {
    const model = this.catalog.get(params.name);
    if (params.version === undefined) return this.monitor.stateOf(model).ready;
    try {
      await this.within(request, reply, (call) => model.choose(choiceOf(params), call));
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'MODEL_UNAVAILABLE') return false;
      throw error;
    }
  }

  private within<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (call: Call) => Promise<T>,
  ): Promise<T> {
    return withinDeadline(request, reply, this.config.PREDICT_TIMEOUT_MS, work);
  }
}

/** JSON, and behind it what is binary, if anything is. */
function send(reply: FastifyReply, head: object, { output, binary }: InferAnswer): string | Buffer {
  const json = JSON.stringify({ ...head, outputs: [output] });
  if (binary === undefined) {
    reply.type(JSON_TYPE);
    return json;
  }
  const bytes = Buffer.from(json);
  reply.type(BINARY_TYPE).header(JSON_LENGTH_HEADER, bytes.length);
  return Buffer.concat([bytes, binary]);
}
