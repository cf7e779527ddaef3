import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { echo, startModelServer } from '../test/model-server.js';
import { ServingClient, ServingClientModule } from './index.js';

describe('ServingClientModule', () => {
  it('provides a client of the configured server and closes it with the application', async () => {
    const server = await startModelServer({ predict: echo });

    class Settings {
      readonly host = server.host;
    }
    @Module({ providers: [Settings], exports: [Settings] })
    class SettingsModule {}

    const app = await Test.createTestingModule({
      imports: [
        ServingClientModule.forRootAsync({
          imports: [SettingsModule],
          inject: [Settings],
          useFactory: ({ host }: Settings) => ({ host }),
        }),
      ],
    }).compile();
    const client = app.get(ServingClient);
    const predict = () =>
      client.predict(
        {
          model: { name: 'm' },
          signatureName: 's',
          inputs: { x: { dtype: 'DT_UINT8', shape: [1], data: new Uint8Array([9]) } },
        },
        { deadline: new Date(Date.now() + 60_000) },
      );

    expect((await predict()).outputs['x']!.data).toEqual(new Uint8Array([9]));
    await app.close();
    await expect(predict()).rejects.toMatchObject({ code: 'MODEL_FAILED' });
    server.kill();
  });
});
