/**
 * Draws the page's sample pictures: `node models/clothing-model/samples/draw.js [folder]`.
 * The same sharp draws the same pictures again.
 */

import { join } from 'node:path';
import sharp from 'sharp';
import * as garments from './garments.js';
import { grounds, photograph } from './scene.js';

const pictures = {
  dress: photograph(grounds.sheet(), garments.dress(), { turn: 2, scale: 0.98 }),
  hat: photograph(grounds.sheet({ tone: '#ded6c8', seed: 9 }), garments.hat(), { turn: -4 }),
  longsleeve: photograph(grounds.sheet({ tone: '#b3262b', seed: 9 }), garments.longsleeve(), {
    turn: 2,
  }),
  pants: photograph(grounds.wood(), garments.pants(), { turn: -2, scale: 0.98 }),
  shoes: photograph(grounds.tiles({ tone: '#c9bfae' }), garments.shoes(), { turn: 3 }),
  shorts: photograph(grounds.tiles(), garments.shorts(), { turn: 2 }),
  skirt: photograph(grounds.tiles(), garments.skirt(), { turn: -2 }),
  't-shirt': photograph(grounds.wood({ tone: '#c9a57a' }), garments.tshirt(), {
    turn: 2,
    scale: 1.05,
  }),
};

const folder = process.argv[2] ?? import.meta.dirname;
for (const [name, svg] of Object.entries(pictures)) {
  await sharp(Buffer.from(svg))
    .flatten()
    .jpeg({ quality: 85 })
    .toFile(join(folder, `${name}.jpg`));
}
