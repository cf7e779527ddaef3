import { eventually } from '../support/eventually.js';
import { predict } from './prediction.js';
import { apply, inNamespace, nodePortUrl, podsOf, restartsOf } from './system.js';
import { kubectl } from './kubectl.js';

const FIRST = 'first-key-of-the-cluster-tests';
const SECOND = 'second-key-of-the-cluster-tests';

async function putKeys(...keys: string[]): Promise<void> {
  const secret = await inNamespace(
    ...['create', 'secret', 'generic', 'gateway-secrets', '--dry-run=client', '-o', 'json'],
    `--from-literal=api-keys=${keys.join('\n')}`,
  );
  await kubectl(['apply', '-f', '-'], secret);
}

export function describeApiKeys(): void {
  describe('the component secrets', () => {
    let url: string;
    const statusWith = async (key: string) =>
      (await predict(url, { authorization: `Bearer ${key}` })).status;

    beforeAll(async () => {
      url = await nodePortUrl();
      await putKeys(FIRST);
      await apply({ components: ['secrets'] });
    });

    it('lets nobody predict without a key of the Secret', async () => {
      const { status, body } = await predict(url);
      expect([status, body['code']]).toEqual([401, 'UNAUTHENTICATED']);
      expect(await statusWith(SECOND)).toBe(401);
      expect(await statusWith(FIRST)).toBe(200);
    });

    it('takes keys that are added and refuses those removed, without a restart', async () => {
      const before = (await podsOf('gateway')).map(({ metadata }) => metadata.name);
      await putKeys(SECOND);
      // The kubelet's own period for mounted Secrets, and some seconds of the gateway's. Two pods
      // change at different moments, so a row of answers decides.
      const row = async () => {
        const statuses = [];
        for (let ask = 0; ask < 6; ask++) {
          statuses.push(await statusWith(SECOND), await statusWith(FIRST));
        }
        return statuses.join();
      };
      await eventually(row, (statuses) => /^(200,401,?)+$/.test(statuses), 180_000);
      const after = await podsOf('gateway');
      expect(after.map(({ metadata }) => metadata.name)).toEqual(before);
      expect(restartsOf(after)).toBe(0);
    });
  });
}
