import { isKeySent } from './api.js';
import { classifyItems, isSettled } from './batch.js';
import { csvOf } from './csv.js';
import { $, element, percent } from './dom.js';
import { chosenQuery, servedBy } from './model-choice.js';
import { say, show, showBusy, showProblem } from './result.js';
import { settings } from './settings.js';
import { thumbnail } from './thumbnail.js';

/** Each has a row and a small picture in memory. */
const MAX_FILES = 500;

/** @type {import('./batch.js').Item[]} */
let items = [];
let rows = new Map();
let more = '';

/** A table of these files, to be filled by {@link classifyBatch}. */
export function prepareBatch(files) {
  items = files.slice(0, MAX_FILES).map((file) => ({ file }));
  more = files.length > MAX_FILES ? ` The first ${MAX_FILES} of ${files.length} files.` : '';
  rows = new Map(items.map((item) => [item, rowOf(item)]));
  $('batch-rows').replaceChildren(...rows.values());
}

export function forgetBatch() {
  items = [];
  rows.clear();
  $('batch-rows').replaceChildren();
}

/** Asks about the files that have no answer yet, and fills the table as they come. */
export async function classifyBatch(signal) {
  show({ busy: true, batch: true });
  showProgress();
  showBusy(`Classifying ${items.length} pictures…${more}`);
  offerStop('Stop');
  try {
    const limits = await settings;
    const query = chosenQuery({ top: 1 });
    const model = $('model').value;
    drawThumbnails(items, limits, signal);
    await classifyItems(items, query, limits, signal, {
      settled: (group) => {
        for (const item of group) {
          if (item.version) item.model = model;
          showItem(item);
        }
        showProgress();
      },
      waiting: (problem, seconds) => {
        const { title } = problem.inWords({ keySent: isKeySent() });
        say(element('p', 'busy', `${title}. Going on in ${seconds} s, as the service asks.`));
      },
      waited: () => {
        if (!signal.aborted) say(element('p', 'busy', `Classifying ${items.length} pictures…`));
      },
    });
    show({ batch: true });
    saySummary();
  } catch (error) {
    if (signal.aborted) return;
    saySummary();
    showProblem(error);
  } finally {
    if (!signal.aborted) $('stop').hidden = true;
  }
}

/** Nothing more is asked; what is known stays, and the rest can be asked about later. */
export function stopBatch() {
  show({ batch: true });
  offerStop('Go on');
  saySummary();
}

function offerStop(text) {
  $('stop').hidden = false;
  $('stop').textContent = text;
}

function saySummary() {
  const classified = items.filter(({ label }) => label !== undefined).length;
  const failed = items.filter(({ problem }) => problem !== undefined).length;
  const open = items.length - classified - failed;
  const servers = new Set(
    items.flatMap(({ version, model }) => (version ? [servedBy(version, model)] : [])),
  );
  const notes = [
    failed > 0 && `${failed} could not be.`,
    open > 0 && `${open} not asked about yet.`,
    servers.size > 0 && `By ${[...servers].join('; ')}.`,
  ];
  say(
    element('p', 'best', `${classified} of ${items.length} pictures classified`),
    element('p', 'quiet', notes.filter(Boolean).join(' ') + more),
  );
}

function showProgress() {
  const done = items.filter(isSettled).length;
  $('progress').max = items.length;
  $('progress').value = done;
  $('progress-text').textContent = `${done} of ${items.length}`;
  $('download').disabled = done === 0;
}

function rowOf({ file }) {
  const name = element(
    'th',
    'file',
    element('canvas', 'thumb'),
    element('span', 'name', file.name),
  );
  name.scope = 'row';
  name.firstChild.setAttribute('aria-hidden', 'true');
  return element('tr', undefined, name, element('td', 'quiet', 'Waiting'), element('td'));
}

function showItem(item) {
  const { label, probability, problem } = item;
  const [name] = rows.get(item).children;
  if (problem === undefined) {
    const value = element('td', 'value', percent(probability));
    rows.get(item).replaceChildren(name, element('td', 'class', label), value);
    return;
  }
  const { title, advice } = problem.ofFile;
  const words = element(
    'td',
    'failed',
    element('span', 'problem-title', title),
    ' ',
    element('span', 'small', advice),
  );
  words.colSpan = 2;
  words.title = problem.smallPrint;
  rows.get(item).replaceChildren(name, words);
}

/** One after the other: a decoded picture is large. */
async function drawThumbnails(all, { maxImageBytes }, signal) {
  for (const item of all) {
    if (signal.aborted) return;
    const canvas = rows.get(item)?.querySelector('canvas');
    if (item.file.size <= maxImageBytes && !canvas.dataset.drawn)
      await thumbnail(item.file, canvas);
  }
}

$('download').addEventListener('click', () => {
  const url = URL.createObjectURL(new Blob([csvOf(items)], { type: 'text/csv' }));
  const link = element('a');
  link.href = url;
  link.download = 'predictions.csv';
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
});
