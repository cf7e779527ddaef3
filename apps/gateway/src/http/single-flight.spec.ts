import { DeadlineExceededError } from '#serving-client';
import { DeadlinePassedError } from '../errors/errors.js';
import type { Call } from './call.js';
import { SingleFlight } from './single-flight.js';

let flights: SingleFlight<string>;
let works: { resolve: (answer: string) => void; reject: (error: Error) => void }[];

beforeEach(() => {
  flights = new SingleFlight();
  works = [];
});

const work = () =>
  new Promise<string>((resolve, reject) => {
    works.push({ resolve, reject });
  });

function caller(): { call: Call; leave: () => void } {
  const gone = new AbortController();
  return {
    call: { deadline: new Date(), signal: gone.signal, metadata: {} },
    leave: () => {
      gone.abort(new DeadlinePassedError());
    },
  };
}

const ask = ({ call }: { call: Call }, key = 'k') => flights.run(key, call, work);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('SingleFlight', () => {
  it('does the same work once for all who ask meanwhile, and anew afterwards', async () => {
    const answers = [ask(caller()), ask(caller()), ask(caller(), 'other')];
    expect(works).toHaveLength(2);
    works[0]!.resolve('a');
    works[1]!.resolve('b');
    expect(await Promise.all(answers)).toEqual(['a', 'a', 'b']);
    void ask(caller());
    expect(works).toHaveLength(3);
  });

  it('tells all what is wrong with what they ask', async () => {
    const answers = [ask(caller()), ask(caller())];
    works[0]!.reject(new Error('broken image'));
    for (const answer of answers) await expect(answer).rejects.toThrow('broken image');
    expect(works).toHaveLength(1);
  });

  it.each([
    ['leaves', new DeadlinePassedError(), true],
    ['has no more time', new DeadlineExceededError(), false],
  ])('is done once more for the others where the first %s', async (_name, error, leaves) => {
    const first = caller();
    const answers = [ask(first), ask(caller()), ask(caller())];
    if (leaves) first.leave();
    works[0]!.reject(error);
    await expect(answers[0]).rejects.toBe(error);
    await turn();
    expect(works).toHaveLength(2);
    works[1]!.resolve('a');
    expect(await Promise.all(answers.slice(1))).toEqual(['a', 'a']);
  });

  it('lets whoever waits leave at once, and the others have their answer', async () => {
    const second = caller();
    const answers = [ask(caller()), ask(second), ask(caller())];
    second.leave();
    await expect(answers[1]).rejects.toBeInstanceOf(DeadlinePassedError);
    works[0]!.resolve('a');
    expect(await answers[0]).toBe('a');
    expect(await answers[2]).toBe('a');
  });
});
