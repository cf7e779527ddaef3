/**
 * The page asks one thing at a time: one picture goes to `POST /predict`, several files to
 * `POST /predict/batch`. Something newer cancels what was before it.
 */

import { useKey } from './api.js';
import { classifyBatch, forgetBatch, prepareBatch, stopBatch } from './batch-view.js';
import { listen } from './choosing.js';
import { $ } from './dom.js';
import { offerModels } from './model-choice.js';
import { offerSamples } from './samples.js';
import { classifyPicture, forgetPicture } from './single.js';

/** The work whose answer may still be shown. @type {AbortController | undefined} */
let current;
/** What was asked last. @type {((signal: AbortSignal) => Promise<void>) | undefined} */
let last;
/** The one picture that is shown, if it is one. */
let picture;

function ask(work = last) {
  current?.abort();
  current = new AbortController();
  last = work;
  work(current.signal);
}

function askPicture(next) {
  forgetBatch();
  picture = next;
  ask((signal) => classifyPicture(next, signal));
}

function askFiles(files) {
  if (files.length === 1) {
    askPicture({ name: files[0].name || 'Pasted picture', file: files[0] });
    return;
  }
  forgetPicture();
  picture = undefined;
  prepareBatch(files);
  ask(classifyBatch);
}

listen({
  onFiles: askFiles,
  onLink: (link) => askPicture({ name: link.slice(0, 200), link }),
});

$('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  useKey($('key').value);
  $('key').value = '';
  ask();
});

$('retry').addEventListener('click', () => ask());

$('stop').addEventListener('click', () => {
  if (current.signal.aborted) {
    ask();
  } else {
    current.abort();
    stopBatch();
  }
});

offerModels(() => {
  // A table keeps the answers that it has: asking for all of them again is nobody's first wish.
  if (picture !== undefined) ask();
});
offerSamples(askPicture);
