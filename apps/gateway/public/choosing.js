import { $ } from './dom.js';

/** Listens to every way in which files and links are brought to the page. */
export function listen({ onFiles, onLink }) {
  const link = (text) => {
    const trimmed = text.trim();
    const isWhole = /^(data:|[a-z][a-z0-9+.-]*:\/\/)/i.test(trimmed);
    $('link').value = isWhole ? trimmed : `https://${trimmed}`;
    onLink($('link').value);
  };

  $('link-form').addEventListener('submit', (event) => {
    event.preventDefault();
    link($('link').value);
  });

  $('file').addEventListener('change', ({ target }) => {
    if (target.files.length > 0) onFiles([...target.files]);
    // Lets the same file be chosen again.
    target.value = '';
  });

  document.addEventListener('paste', (event) => {
    const { files } = event.clipboardData;
    const text = event.clipboardData.getData('text').trim();
    if (files.length > 0) onFiles([...files]);
    else if (!event.target.closest?.('input') && /^https?:\/\/\S+$/i.test(text)) link(text);
    else return;
    event.preventDefault();
  });

  document.addEventListener('dragover', (event) => {
    if (!isPicture(event.dataTransfer)) return;
    event.preventDefault();
    markDragging(true);
  });

  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) markDragging(false);
  });

  document.addEventListener('drop', (event) => {
    markDragging(false);
    if (!isPicture(event.dataTransfer)) return;
    // Or a picture dropped beside the box would replace the page.
    event.preventDefault();
    const { files } = event.dataTransfer;
    const first = event.dataTransfer.getData('text/uri-list').split(/\r?\n/).find(isLink);
    if (files.length > 0) onFiles([...files]);
    else if (first) link(first);
  });
}

const isPicture = ({ types }) => types.includes('Files') || types.includes('text/uri-list');
const isLink = (line) => line.trim() !== '' && !line.startsWith('#');
const markDragging = (on) => document.body.classList.toggle('dragging', on);
