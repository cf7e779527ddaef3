export const $ = (id) => document.getElementById(id);

export function element(tag, className, ...content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...content);
  return node;
}

export function percent(share) {
  return `${(share * 100).toFixed(1)}%`;
}

/** A row of a list of bars. `share` is of the whole track. */
export function barRow(name, value, share) {
  const bar = element('span', 'bar');
  bar.style.setProperty('--share', Math.min(Math.max(share, 0), 1) * 100);
  return element(
    'li',
    undefined,
    element('span', 'name', name),
    ' ',
    element('span', 'value', value),
    element('span', 'track', bar),
  );
}
