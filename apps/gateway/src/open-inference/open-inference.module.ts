import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.js';
import { OpenInferenceController } from './open-inference.controller.js';

@Module({ imports: [PredictionModule], controllers: [OpenInferenceController] })
export class OpenInferenceModule {}
