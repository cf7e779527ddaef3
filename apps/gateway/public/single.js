import { $, barRow, element, percent } from './dom.js';
import { chosenQuery, servedBy } from './model-choice.js';
import { predict } from './prediction.js';
import { say, show, showBusy, showProblem } from './result.js';
import { showTimings } from './timings.js';

const CLASSES_SHOWN = 10;

/** Asks about one picture and shows what came of it, unless `signal` says that nobody wants to know. */
export async function classifyPicture(picture, signal) {
  showPicture(picture);
  show({ busy: true, picture: true });
  showBusy('Classifying…');
  try {
    const answer = await predict(picture, chosenQuery(), signal);
    if (!signal.aborted) showAnswer(answer);
  } catch (error) {
    if (signal.aborted) return;
    say();
    showProblem(error);
  }
}

/** Lets go of the picture that is shown. */
export function forgetPicture() {
  const preview = $('preview');
  if (preview.src.startsWith('blob:')) URL.revokeObjectURL(preview.src);
  preview.removeAttribute('src');
  markSample(undefined);
}

function showPicture({ name, file, sample }) {
  forgetPicture();
  const preview = $('preview');
  // Never a link's picture: this page asks no other host for anything.
  if (file) preview.src = URL.createObjectURL(file);
  else if (sample) preview.src = sample;
  preview.hidden = !(file || sample);
  preview.alt = `The picture: ${name}`;
  $('caption').textContent = name;
  markSample(sample);
}

function markSample(sample) {
  for (const button of $('sample-list').querySelectorAll('button')) {
    button.setAttribute('aria-pressed', String(button.dataset.url === sample));
  }
}

function showAnswer({ scores, version, stages, ms }) {
  const [label, best] = scores[0];
  const words = best >= 0.5 ? `Most likely ${label}` : `Not sure, perhaps ${label}`;
  const note = `${percent(best)} probability, answered in ${Math.round(ms)} ms`;
  say(
    element('p', 'best', words),
    element('p', 'quiet', note),
    element('p', 'small', servedBy(version)),
  );

  const rows = scores.map(([name, score]) => barRow(name, percent(score), score));
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
  showTimings(stages, ms);
  show({ picture: true, scores: true });
}

$('preview').addEventListener('error', () => {
  // A format that the service may read though this browser does not.
  $('preview').hidden = true;
});
