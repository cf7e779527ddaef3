import { Controller, Get } from '@nestjs/common';
import { GatewayConfig } from '../config/gateway-config.js';
import { manyImagesMaxBytes } from '../http/many-images.js';
import { ModelCatalog } from '../models/model-catalog.js';
import { DescribePageSettings } from './page-settings.openapi.js';

export interface PageSettings {
  /** The default one first. */
  readonly models: readonly { readonly name: string; readonly labels: readonly string[] }[];
  /** Of one file. */
  readonly maxImageBytes: number;
  /** Of one request of many images. */
  readonly maxImages: number;
  readonly maxBodyBytes: number;
}

/** What the page must know of this gateway and cannot ask TensorFlow Serving's API for. */
@Controller('page-settings')
export class PageSettingsController {
  constructor(
    private readonly catalog: ModelCatalog,
    private readonly config: GatewayConfig,
  ) {}

  @Get()
  @DescribePageSettings()
  settings(): PageSettings {
    const { defaultModel } = this.catalog;
    const others = this.catalog.all().filter((model) => model !== defaultModel);
    return {
      models: [defaultModel, ...others].map(({ spec, versionLabels }) => ({
        name: spec.name,
        labels: versionLabels,
      })),
      maxImageBytes: this.config.IMAGE_MAX_BYTES,
      maxImages: this.config.BATCH_MAX_IMAGES,
      maxBodyBytes: manyImagesMaxBytes(this.config),
    };
  }
}
