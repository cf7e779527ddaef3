/**
 * The page asks one thing at a time: a picture (a file, a sample or a link) goes to `POST /predict`,
 * its class probabilities or its problem come back. A newer picture cancels the one before it.
 *
 * @typedef {{ name: string, file?: Blob, sample?: string, link?: string }} Picture
 */

import { Problem } from './problem.js';

const CLASSES_SHOWN = 10;
const TIMEOUT_MS = 60_000;

const $ = (id) => document.getElementById(id);

/** The request whose answer may still be shown. @type {AbortController | undefined} */
let current;
/** The picture asked for last. @type {Picture | undefined} */
let picture;
let apiKey = '';

async function classify(next) {
  current?.abort();
  const request = (current = new AbortController());
  const timer = setTimeout(() => request.abort(), TIMEOUT_MS);
  picture = next;
  showPicture(next);
  showBusy();
  try {
    const answer = await predict(next, request.signal);
    if (request === current) showScores(answer);
  } catch (error) {
    if (request === current) showProblem(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Class probabilities, best first, and how long the service took. Throws a {@link Problem}. */
async function predict({ file, sample, link }, signal) {
  const headers = { accept: 'application/json' };
  if (apiKey) headers.authorization = `Bearer ${apiKey}`;
  let body;
  if (link) {
    headers['content-type'] = 'application/json';
    body = JSON.stringify(link.startsWith('data:') ? { image: link } : { url: link });
  } else {
    body = file ? await readable(file) : await fetchSample(sample, signal);
    // The service goes by the content; a file of unknown type is still sent as a picture.
    headers['content-type'] = body.type.startsWith('image/') ? body.type : 'image/jpeg';
  }

  const started = performance.now();
  const response = await send('/predict', { method: 'POST', headers, body, signal });
  const answer = await response.json().catch(() => undefined);
  const ms = performance.now() - started;
  if (!response.ok) throw Problem.ofResponse(response, answer);
  const scores = Object.entries(answer ?? {});
  if (scores.length === 0 || !scores.every(([, score]) => Number.isFinite(score))) {
    throw Problem.ofResponse(response);
  }
  return { scores: scores.sort((a, b) => b[1] - a[1]), ms };
}

async function send(url, options) {
  try {
    return await fetch(url, options);
  } catch {
    throw new Problem(options.signal.aborted ? 'NO_ANSWER' : 'UNREACHABLE');
  }
}

async function fetchSample(url, signal) {
  const response = await send(url, { signal });
  if (!response.ok) throw Problem.ofResponse(response);
  return response.blob();
}

/** A folder, or a file deleted since, fails here and not as if the service were down. */
async function readable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return file;
  } catch {
    throw new Problem('FILE_UNREADABLE');
  }
}

// Showing

function showPicture({ name, file, sample }) {
  const preview = $('preview');
  if (preview.src.startsWith('blob:')) URL.revokeObjectURL(preview.src);
  // Never a link's picture: this page asks no other host for anything.
  if (file) preview.src = URL.createObjectURL(file);
  else if (sample) preview.src = sample;
  else preview.removeAttribute('src');
  preview.hidden = !(file || sample);
  preview.alt = `The picture: ${name}`;
  $('caption').textContent = name;
  $('picture').hidden = false;
  for (const button of $('sample-list').querySelectorAll('button')) {
    button.setAttribute('aria-pressed', String(button.dataset.url === sample));
  }
}

function showBusy() {
  show({ busy: true });
  $('summary').replaceChildren(element('p', 'busy', 'Classifying…'));
  const { top } = $('result').getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) $('result').scrollIntoView();
}

function showScores({ scores, ms }) {
  const [label, best] = scores[0];
  const words = best >= 0.5 ? `Most likely ${label}` : `Not sure, perhaps ${label}`;
  const note = `${percent(best)} probability, answered in ${Math.round(ms)} ms`;
  $('summary').replaceChildren(element('p', 'best', words), element('p', 'quiet', note));

  const rows = scores.map(scoreRow);
  $('score-list').replaceChildren(...rows.slice(0, CLASSES_SHOWN));
  $('more').hidden = rows.length <= CLASSES_SHOWN;
  $('more').textContent = `Show all ${rows.length} classes`;
  $('more').onclick = () => {
    $('more').hidden = true;
    $('score-list').append(...rows.slice(CLASSES_SHOWN));
    // The button that had the focus is gone: go on where the new rows begin.
    rows[CLASSES_SHOWN].tabIndex = -1;
    rows[CLASSES_SHOWN].focus();
  };
  show({ scores: true });
}

function scoreRow([label, score]) {
  const row = element('li');
  const track = element('span', 'track');
  const bar = element('span', 'bar');
  bar.style.setProperty('--share', Math.min(Math.max(score, 0), 1) * 100);
  track.append(bar);
  row.append(
    element('span', 'name', label),
    ' ',
    element('span', 'percent', percent(score)),
    track,
  );
  return row;
}

function showProblem(error) {
  const problem = error instanceof Problem ? error : new Problem('UNEXPECTED');
  const { title, advice } = problem.inWords({ keySent: apiKey !== '' });
  $('summary').replaceChildren();
  show({ problem: true });
  $('problem-text').replaceChildren(
    element('p', 'problem-title', title),
    element('p', undefined, advice),
  );
  $('small-print').textContent = problem.smallPrint;
  $('retry').hidden = !problem.worthRetrying;
  $('key-form').hidden = problem.code !== 'UNAUTHENTICATED';
  if (!$('key-form').hidden) $('key').focus();
}

function show({ busy = false, scores = false, problem = false }) {
  $('result').setAttribute('aria-busy', String(busy));
  $('scores').hidden = !scores;
  $('problem').hidden = !problem;
  $('problem-text').replaceChildren();
}

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function percent(score) {
  return `${(score * 100).toFixed(1)}%`;
}

// Choosing

function classifyFiles(files) {
  const [file] = files;
  const rest = files.length > 1 ? ` (the first of ${files.length} files)` : '';
  classify({ name: `${file.name || 'Pasted picture'}${rest}`, file });
}

function classifyLink(text) {
  const trimmed = text.trim();
  const link = /^(data:|[a-z][a-z0-9+.-]*:\/\/)/i.test(trimmed) ? trimmed : `https://${trimmed}`;
  $('link').value = link;
  classify({ name: link.slice(0, 200), link });
}

$('link-form').addEventListener('submit', (event) => {
  event.preventDefault();
  classifyLink($('link').value);
});

$('file').addEventListener('change', ({ target }) => {
  if (target.files.length > 0) classifyFiles([...target.files]);
  // Lets the same file be chosen again.
  target.value = '';
});

$('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  apiKey = $('key').value;
  $('key').value = '';
  classify(picture);
});

$('retry').addEventListener('click', () => classify(picture));

$('preview').addEventListener('error', () => {
  // A format that the service may read though this browser does not.
  $('preview').hidden = true;
});

document.addEventListener('paste', (event) => {
  const { files } = event.clipboardData;
  const text = event.clipboardData.getData('text').trim();
  if (files.length > 0) classifyFiles([...files]);
  else if (!event.target.closest?.('input') && /^https?:\/\/\S+$/i.test(text)) classifyLink(text);
  else return;
  event.preventDefault();
});

// Without this, a picture dropped beside the box would replace the page.
const isPicture = ({ types }) => types.includes('Files') || types.includes('text/uri-list');
const dragging = (on) => document.body.classList.toggle('dragging', on);

document.addEventListener('dragover', (event) => {
  if (!isPicture(event.dataTransfer)) return;
  event.preventDefault();
  dragging(true);
});

document.addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) dragging(false);
});

document.addEventListener('drop', (event) => {
  dragging(false);
  if (!isPicture(event.dataTransfer)) return;
  event.preventDefault();
  const { files } = event.dataTransfer;
  const link = event.dataTransfer.getData('text/uri-list').split(/\r?\n/).find(isLink);
  if (files.length > 0) classifyFiles([...files]);
  else if (link) classifyLink(link);
});

const isLink = (line) => line.trim() !== '' && !line.startsWith('#');

// Samples

async function offerSamples() {
  const response = await fetch('/samples');
  const samples = response.ok ? await response.json() : [];
  $('sample-list').replaceChildren(...samples.map(sampleItem));
  $('samples').hidden = samples.length === 0;
}

function sampleItem({ name, url }) {
  const item = element('li');
  const button = element('button', 'sample');
  const image = element('img');
  image.src = url;
  image.alt = '';
  button.type = 'button';
  button.dataset.url = url;
  button.setAttribute('aria-pressed', 'false');
  button.append(image, element('span', undefined, name));
  button.addEventListener('click', () => classify({ name, sample: url }));
  item.append(button);
  return item;
}

// The page works without samples: their absence is no problem to show.
offerSamples().catch(() => {});
