import { ConfigError, loadConfig } from '#config';
import { projectPath } from '#project';
import { ModelServerConfig } from './model-server.config.js';

describe('the model server’s configuration', () => {
  it('serves the project’s models on TF Serving’s port by default', () => {
    expect(loadConfig(ModelServerConfig, {})).toMatchObject({
      GRPC_PORT: 8500,
      HOST: '0.0.0.0',
      MODEL_BASE_PATH: projectPath('models'),
      POLL_SECONDS: 2,
      MAX_CONNECTION_AGE_MS: undefined,
      LOG_LEVEL: 'info',
    });
  });

  it('tells every fault at once', () => {
    const environment = {
      GRPC_PORT: '65536',
      HOST: 'two words',
      POLL_SECONDS: '0',
      MAX_BATCH_SIZE: '0',
      BATCH_TIMEOUT_MICROS: '-1',
      SHUTDOWN_DELAY_MS: '1s',
      MAX_CONNECTION_AGE_MS: '1',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
    };
    let faults: readonly string[] = [];
    try {
      loadConfig(ModelServerConfig, environment);
    } catch (error) {
      faults = (error as ConfigError).faults;
    }
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(
      Object.keys(environment).sort(),
    );
  });
});
