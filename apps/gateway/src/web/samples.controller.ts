import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RouteNotFoundError } from '../errors/errors.js';
import { DescribeSample, DescribeSamples } from './samples.openapi.js';
import { Samples } from './samples.provider.js';

/** The pictures that the page offers to try. */
@Controller('samples')
export class SamplesController {
  constructor(private readonly samples: Samples) {}

  @Get()
  @DescribeSamples()
  list(): { name: string; url: string }[] {
    return this.samples.all.map(({ name, file }) => ({ name, url: `/samples/${file}` }));
  }

  @Get(':file')
  @DescribeSample()
  read(
    @Param('file') file: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): StreamableFile {
    const sample = this.samples.all.find((candidate) => candidate.file === file);
    if (sample === undefined) throw new RouteNotFoundError();
    reply.header('cache-control', 'public, max-age=3600');
    return new StreamableFile(sample.bytes, { type: sample.type, length: sample.bytes.length });
  }
}
