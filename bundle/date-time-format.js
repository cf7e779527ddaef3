/**
 * `Intl.DateTimeFormat` in bundles, made only when it is used: the one that Nest's own logger makes as
 * it is loaded, and that nothing here uses, would bring 5 MiB of ICU's data into memory.
 */
export const DateTimeFormat = new Proxy(globalThis['Intl'].DateTimeFormat, {
  construct: (real, options) => {
    let made;
    return new Proxy(real.prototype, {
      get: (_, name) => {
        made ??= new real(...options);
        const value = made[name];
        return typeof value === 'function' ? value.bind(made) : value;
      },
    });
  },
});
