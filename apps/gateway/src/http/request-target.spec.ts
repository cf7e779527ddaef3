import { pathOf } from './request-target.js';

it.each([
  ['/a?b', '/a?b'],
  ['//a/b', '//a/b'],
  ['http://host/a?b', '/a?b'],
  ['HTTPS://user@host:1/a', '/a'],
  ['http://host', '/'],
  ['http://host?a', '/?a'],
  ['*', '/*'],
  ['host:443', '/host:443'],
  ['', '/'],
])('the path of the target %s is %s', (target, path) => {
  expect(pathOf(target)).toBe(path);
});
