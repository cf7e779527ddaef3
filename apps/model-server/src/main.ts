import 'reflect-metadata';
import { runModelServer } from './run.js';

// ONNX Runtime tells its maker of its use unless it is told not to, and reads this when it is loaded.
process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
void runModelServer();
