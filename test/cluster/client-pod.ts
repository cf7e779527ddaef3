import { kubectl } from './kubectl.js';
import { NAMESPACE } from './system.js';

/** A namespace that has nothing to do with the product. */
export const STRANGERS = `${NAMESPACE}-strangers`;

export interface ClientPod {
  namespace: string;
  name: string;
  /** Settles with what the expression of JavaScript settles with; rejects as it does. */
  evaluate(expression: string): Promise<string>;
}

const RESTRICTED = 'pod-security.kubernetes.io/enforce=restricted';

export async function createStrangersNamespace(): Promise<void> {
  await kubectl(['create', 'namespace', STRANGERS]);
  await kubectl(['label', 'namespace', STRANGERS, RESTRICTED]);
}

/** A pod that only waits to be told what to do: Node, in the one image that every cluster here has. */
export async function startClientPod(
  namespace: string,
  name: string,
  script = 'setInterval(() => {}, 1e6)',
): Promise<ClientPod> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'client',
          image: process.env['CLUSTER_TEST_IMAGE'] ?? 'gateway:0.1.0',
          imagePullPolicy: 'IfNotPresent',
          command: ['node', '-e', script],
          resources: { requests: { cpu: '10m', memory: '32Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
  await kubectl(['apply', '-f', '-'], JSON.stringify(pod));
  await kubectl([
    '-n',
    namespace,
    'wait',
    '--for=condition=Ready',
    `pod/${name}`,
    '--timeout=120s',
  ]);
  return clientIn(namespace, name);
}

/** Runs JavaScript in a container that has Node, such as the gateway's own. */
export function clientIn(namespace: string, name: string): ClientPod {
  return {
    namespace,
    name,
    evaluate: async (expression) => {
      const script = `(async () => (${expression}))().then(
        (value) => console.log(String(value)),
        (error) => { console.error(error.cause?.code ?? error.code ?? error.message); process.exit(1); })`;
      return (await kubectl(['-n', namespace, 'exec', name, '--', 'node', '-e', script])).trim();
    },
  };
}

/** An expression: "open" where a TCP connection comes about within three seconds, else why not. */
export function connecting(host: string, port: number): string {
  return `new Promise((resolve) => {
    const socket = require('net').connect(${port}, '${host}');
    socket.setTimeout(3000, () => { socket.destroy(); resolve('no answer'); });
    socket.on('connect', () => { socket.destroy(); resolve('open'); });
    socket.on('error', (error) => resolve(error.code));
  })`;
}
