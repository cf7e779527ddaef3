import type { Style } from '../frame/style.js';
import type { ServedInfo } from './inspect-served.js';
import { signatureText } from './signature-text.js';

/** What a server says of a model, for people. */
export function servedText(info: ServedInfo, style: Style): string {
  const { bold, green, yellow } = style;
  const versions = info.versions.map(({ version, state, error }) => {
    const colour = state === 'AVAILABLE' ? green : yellow;
    return `version ${version}  ${colour(state)}${error === undefined ? '' : `  ${error}`}`;
  });
  const signatures = Object.entries(info.signatures).map(([name, signature]) =>
    signatureText(name, signature, style),
  );
  const heading = info.version === null ? [] : ['', `of version ${info.version}:`];
  return [`${bold(info.model)} on ${info.address}`, ...versions, ...heading, ...signatures].join(
    '\n',
  );
}
