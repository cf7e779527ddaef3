import { Module } from '@nestjs/common';
import { ImagesModule } from '../images/images.module.js';
import { PredictController } from './predict.controller.js';

@Module({ imports: [ImagesModule], controllers: [PredictController] })
export class PredictionModule {}
