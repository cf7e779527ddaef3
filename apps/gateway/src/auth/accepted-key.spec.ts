import type { IncomingHttpHeaders } from 'node:http';
import { ApiKeys, parseApiKeys } from './api-keys.js';
import { acceptedKey } from './accepted-key.js';

const KEY = 'right-0123456789';
const OTHER = 'other-0123456789';
const WRONG = 'wrong-0123456789';
const keys = new ApiKeys(parseApiKeys(`${KEY},${OTHER}`));

const cases: { name: string; headers: IncomingHttpHeaders; accepted: boolean }[] = [
  { name: 'no header', headers: {}, accepted: false },
  { name: 'a bearer', headers: { authorization: `Bearer ${KEY}` }, accepted: true },
  { name: 'a scheme in capitals', headers: { authorization: `BEARER  ${KEY}` }, accepted: true },
  { name: 'a wrong bearer', headers: { authorization: `Bearer ${WRONG}` }, accepted: false },
  { name: 'a bearer and more', headers: { authorization: `Bearer ${KEY} x` }, accepted: false },
  { name: 'an empty bearer', headers: { authorization: 'Bearer' }, accepted: false },
  { name: 'a key without a scheme', headers: { authorization: KEY }, accepted: false },
  { name: 'a key as another scheme', headers: { authorization: `Basic ${KEY}` }, accepted: false },
  { name: 'an X-API-Key', headers: { 'x-api-key': KEY }, accepted: true },
  { name: 'a wrong X-API-Key', headers: { 'x-api-key': WRONG }, accepted: false },
  { name: 'an empty X-API-Key', headers: { 'x-api-key': '' }, accepted: false },
  // As Node joins a header that came twice.
  { name: 'two X-API-Keys', headers: { 'x-api-key': `${KEY}, ${OTHER}` }, accepted: false },
  {
    name: 'two right keys, in both headers',
    headers: { authorization: `Bearer ${KEY}`, 'x-api-key': OTHER },
    accepted: true,
  },
  {
    name: 'a right bearer beside a wrong X-API-Key',
    headers: { authorization: `Bearer ${KEY}`, 'x-api-key': WRONG },
    accepted: false,
  },
  {
    name: 'a wrong bearer beside a right X-API-Key',
    headers: { authorization: `Bearer ${WRONG}`, 'x-api-key': KEY },
    accepted: false,
  },
  {
    name: "a proxy's own Authorization beside a right X-API-Key",
    headers: { authorization: 'Basic dTpw', 'x-api-key': KEY },
    accepted: true,
  },
];

describe('acceptedKey', () => {
  it.each(cases)('takes $name as $accepted', ({ headers, accepted }) => {
    expect(acceptedKey(headers, keys) !== undefined).toBe(accepted);
  });

  it('is the same for a key whichever header it comes in, and another for another', () => {
    const bearer = acceptedKey({ authorization: `Bearer ${KEY}` }, keys);
    expect(acceptedKey({ 'x-api-key': KEY }, keys)).toBe(bearer);
    expect(acceptedKey({ 'x-api-key': OTHER }, keys)).not.toBe(bearer);
  });
});
