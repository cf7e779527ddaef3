import { read } from './api.js';

const UNKNOWN = { models: [], maxImageBytes: Infinity, maxImages: 1, maxBodyBytes: Infinity };

/** What the service serves and how much it takes, once it has said so. */
export const settings = read('/page-settings').then((answer) => answer ?? UNKNOWN);
