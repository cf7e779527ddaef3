import { regExpOf, templateOf } from './route-pattern.js';

const PREDICT = '/v1/models/:name(^[^/:]+)/versions/:version(^[^/:]+)::predict';

describe('a route pattern', () => {
  it.each([
    ['/predict', '/predict'],
    ['/samples/:file', '/samples/:file'],
    ['/v1/models/:name(^[^/:]+)', '/v1/models/:name'],
    [PREDICT, '/v1/models/:name/versions/:version:predict'],
  ])('%s reads %s', (pattern, template) => {
    expect(templateOf(pattern)).toBe(template);
  });

  it.each([
    ['/predict', '/predict', true],
    ['/predict', '/predict/', false],
    ['/samples/:file', '/samples/a.jpg', true],
    ['/samples/:file', '/samples/', false],
    ['/samples/:file', '/samples/a/b', false],
    ['/openapi.json', '/openapi_json', false],
    ['/docs/*', '/docs/x', false],
    [PREDICT, '/v1/models/a/versions/1:predict', true],
    [PREDICT, '/v1/models/a/versions/1', false],
    [PREDICT, '/v1/models/a:b/versions/1:predict', false],
  ])('%s matches %s: %s', (pattern, path, matches) => {
    expect(regExpOf(pattern).test(path)).toBe(matches);
  });
});
