import 'reflect-metadata';
import { runModelServer } from './run.js';

await runModelServer();
