import { read } from './api.js';
import { $, element } from './dom.js';

/** The page works without samples: their absence is no problem to show. */
export async function offerSamples(onPick) {
  const samples = (await read('/samples')) ?? [];
  $('sample-list').replaceChildren(...samples.map((sample) => sampleItem(sample, onPick)));
  $('samples').hidden = samples.length === 0;
}

function sampleItem({ name, url }, onPick) {
  const button = element('button', 'sample');
  const image = element('img');
  image.src = url;
  image.alt = '';
  button.type = 'button';
  button.dataset.url = url;
  button.setAttribute('aria-pressed', 'false');
  button.append(image, element('span', undefined, name));
  button.addEventListener('click', () => onPick({ name, sample: url }));
  return element('li', undefined, button);
}
