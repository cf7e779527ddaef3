import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Packages of native code, or of files that are served: bundles load them from `node_modules`. */
export const PACKAGES_APART = ['onnxruntime-node', 'sharp', 'swagger-ui-dist'];

const APART = new RegExp(`^(${PACKAGES_APART.join('|')})($|/)`);

/** What Nest loads where it finds it, though nothing here uses it. */
const UNUSED = [
  { by: /@nestjs\/common\//, what: /^(class-transformer|class-validator|file-type)$/ },
  { by: /@nestjs\/core\/nest-application\.js$/, what: /^@nestjs\/microservices/ },
];

/** Their modules only declare: those from which nothing is used can be left out. */
const DECLARATIVE =
  /node_modules\/@nestjs\/(common|config|core|microservices|platform-fastify|swagger|terminus)\//;

/** Nest's gRPC asks for its packages in a way that esbuild does not follow. */
const NEST_GRPC = /@nestjs\/microservices\/(client\/client|server\/server)-grpc\.js$/;

/** Modules instead of the CommonJS that Node is given, of which nothing can be left out. */
const RXJS = { rxjs: 'index.js', 'rxjs/operators': 'operators/index.js' };

/** Tells esbuild which packages, and which parts of them, go into a bundle. */
export const packages = {
  name: 'packages',
  setup(build) {
    build.onResolve({ filter: APART }, ({ path }) => ({ path, external: true }));
    build.onResolve({ filter: /^rxjs(\/operators)?$/ }, ({ path }) => ({
      path: resolve('node_modules/rxjs/dist/esm', RXJS[path]),
      sideEffects: false,
    }));
    build.onResolve({ filter: /^[^#/]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'asked' || from.kind === 'entry-point') return undefined;
      if (UNUSED.some(({ by, what }) => by.test(from.importer) && what.test(path)))
        return absent(path);
      const found = await build.resolve(path, { ...from, pluginData: 'asked' });
      // Optional packages that are not installed; what is needed, TypeScript has missed before.
      if (found.errors.length > 0) return absent(path);
      return DECLARATIVE.test(found.path) ? { ...found, sideEffects: false } : found;
    });
    build.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw Object.assign(new Error("Cannot find package '${path}'"), { code: 'MODULE_NOT_FOUND' });`,
    }));
    build.onLoad({ filter: NEST_GRPC }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8'))
        .replaceAll("createRequire(import.meta.url)('@grpc/grpc-js')", "require('@grpc/grpc-js')")
        .replaceAll('createRequire(import.meta.url)(protoLoader)', "require('@grpc/proto-loader')"),
    }));
  },
};

const absent = (path) => ({ path, namespace: 'absent' });
