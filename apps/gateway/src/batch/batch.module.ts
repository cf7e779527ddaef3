import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.js';
import { BatchController } from './batch.controller.js';

@Module({ imports: [PredictionModule], controllers: [BatchController] })
export class BatchModule {}
