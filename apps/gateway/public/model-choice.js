import { read } from './api.js';
import { $, element } from './dom.js';
import { settings } from './settings.js';

/** Of the model that is chosen. */
let versions = [];
let latest = 0;

/** The query of a prediction by the chosen model and version. */
export function chosenQuery(more = {}) {
  const query = new URLSearchParams($('version').value);
  if ($('model').selectedIndex > 0) query.set('model', $('model').value);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return query.size > 0 ? `?${query}` : '';
}

/** Who has answered, in words. One not heard of yet came into service since. */
export function servedBy(version, model = $('model').value) {
  if (version && !versions.includes(version)) offerVersions();
  return [model, version && `version ${version}`].filter(Boolean).join(', ');
}

/** Fills the lists, and shows those that hold a choice. The default is chosen at first. */
export async function offerModels(onChange) {
  const { models } = await settings;
  $('model').replaceChildren(...models.map(({ name }) => new Option(name)));
  $('model').parentElement.hidden = models.length < 2;
  $('model').addEventListener('change', () => {
    // Another model's version means nothing here.
    $('version').value = '';
    offerVersions();
    onChange();
  });
  $('version').addEventListener('change', onChange);
  await offerVersions();
}

export async function offerVersions() {
  const mine = ++latest;
  const model = (await settings).models.find(({ name }) => name === $('model').value);
  if (model === undefined) return;
  const path = `/v1/models/${encodeURIComponent(model.name)}`;
  const [all, ...labelled] = await Promise.all([
    servingAt(path),
    ...model.labels.map((label) => servingAt(`${path}/labels/${encodeURIComponent(label)}`)),
  ]);
  if (mine !== latest) return;
  versions = all;
  show([
    ['Default', ''],
    ...all.map((version) => [`Version ${version}`, `version=${version}`]),
    ...model.labels.flatMap((label, index) => {
      const [version] = labelled[index];
      if (version === undefined) return [];
      return [[`${label} (version ${version})`, `${new URLSearchParams({ label })}`]];
    }),
  ]);
}

/** Versions that serve, newest first. */
async function servingAt(path) {
  const statuses = (await read(path))?.model_version_status ?? [];
  return statuses
    .filter(({ state }) => state === 'AVAILABLE')
    .map(({ version }) => version)
    .sort((a, b) => b.length - a.length || (a < b ? 1 : -1));
}

function show(options) {
  const before = $('version').value;
  $('version').replaceChildren(...options.map(([text, value]) => new Option(text, value)));
  // What was chosen and serves no more stays, so that nothing else is asked unnoticed.
  if (before !== '' && !options.some(([, value]) => value === before)) {
    const [, name] = /=(.*)$/.exec(before);
    $('version').append(element('option', undefined, `${decodeURIComponent(name)} (gone)`));
    $('version').lastElementChild.value = before;
  }
  $('version').value = before;
  $('version').parentElement.hidden = versions.length < 2 && before === '';
  $('choice').hidden = $('version').parentElement.hidden && $('model').parentElement.hidden;
}
