import type { ChildProcess } from 'node:child_process';
import { freePort, nextMessage, startModule, stop } from './children.js';
import type { Serving } from './serving.js';
import type { Behave, ServingSettings } from './serving-process.js';

/** Several model servers of one target, each of which can be told to misbehave. */
export class FaultyServing implements Serving {
  readonly name: string;

  private constructor(
    private readonly ports: readonly number[],
    private readonly children: ChildProcess[],
  ) {
    this.name = `${ports.length} stubs in Node`;
  }

  static async start(count: number): Promise<FaultyServing> {
    const ports = await Promise.all(Array.from({ length: count }, freePort));
    const serving = new FaultyServing(ports, []);
    for (const index of ports.keys()) await serving.launch(index);
    return serving;
  }

  /** gRPC's target of all of them. */
  get target(): string {
    return `ipv4:${this.ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
  }

  /**
   * @returns what makes it behave again
   */
  tell(index: number, behaviour: Behave['behaviour']): () => void {
    this.children[index]!.send({ behaviour } satisfies Behave);
    return () => {
      this.children[index]!.send({ behaviour: '' } satisfies Behave);
    };
  }

  /** @returns what brings it back */
  async kill(index: number): Promise<() => Promise<void>> {
    await stop(this.children[index]!, 0);
    return () => this.launch(index);
  }

  async stop(): Promise<void> {
    await Promise.all(this.children.map((child) => stop(child)));
  }

  private async launch(index: number): Promise<void> {
    const settings: ServingSettings = { dtype: 'float', latencyMs: 0, port: this.ports[index] };
    const child = startModule('serving-process', settings);
    await nextMessage<number>(child);
    this.children[index] = child;
  }
}
