import { isKeySent } from './api.js';
import { $, element } from './dom.js';
import { Problem } from './problem.js';

/** Shows these parts of the result, and no other. */
export function show({ busy = false, picture = false, scores = false, batch = false }) {
  $('result').setAttribute('aria-busy', String(busy));
  $('picture').hidden = !picture;
  $('scores').hidden = !scores;
  $('batch').hidden = !batch;
  $('problem').hidden = true;
  $('problem-text').replaceChildren();
}

/** The line that assistive technology reads out. */
export function say(...lines) {
  $('summary').replaceChildren(...lines);
}

export function showBusy(text) {
  say(element('p', 'busy', text));
  const { top } = $('result').getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) $('result').scrollIntoView();
}

/** Adds a problem to what is shown. */
export function showProblem(error) {
  const problem = error instanceof Problem ? error : new Problem('UNEXPECTED');
  const { title, advice } = problem.inWords({ keySent: isKeySent() });
  $('result').setAttribute('aria-busy', 'false');
  $('problem').hidden = false;
  $('problem-text').replaceChildren(
    element('p', 'problem-title', title),
    element('p', undefined, advice),
  );
  $('small-print').textContent = problem.smallPrint;
  $('retry').hidden = !problem.worthRetrying;
  $('key-form').hidden = problem.code !== 'UNAUTHENTICATED';
  if (!$('key-form').hidden) $('key').focus();
}
