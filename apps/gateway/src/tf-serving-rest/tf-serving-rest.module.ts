import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.js';
import { TfServingRestController } from './tf-serving-rest.controller.js';

@Module({ imports: [PredictionModule], controllers: [TfServingRestController] })
export class TfServingRestModule {}
