// As the model server does: ONNX Runtime is to gather and send nothing.
process.env.ORT_DISABLE_TELEMETRY = '1';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // Real servers and real models, on machines that are shared: a hang is told late, not falsely.
  testTimeout: 60_000,
  // What a file has loaded stays with the process that ran it: at gigabytes each file takes up to twice as long.
  workerIdleMemoryLimit: '256MB',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: {
    '^#(buffer-pool|cancellation|client|config|errors|image-fetch|jpeg|logging|metrics|model-spec|preprocessing|project|protos|serving-client|tensor|tracing)$':
      '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
