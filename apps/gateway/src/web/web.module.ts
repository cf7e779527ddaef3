import { Module, type DynamicModule } from '@nestjs/common';
import { PageSettingsController } from './page-settings.controller.js';
import { loadSamples } from './samples.js';
import { SamplesController } from './samples.controller.js';
import { Samples } from './samples.provider.js';

@Module({})
export class WebModule {
  static register(defaultModelFolder: string): DynamicModule {
    return {
      module: WebModule,
      controllers: [SamplesController, PageSettingsController],
      providers: [
        { provide: Samples, useFactory: () => new Samples(loadSamples(defaultModelFolder)) },
      ],
    };
  }
}
