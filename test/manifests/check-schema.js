/**
 * Holds the YAML on standard input against a JSON schema (draft 7, as far as eksctl uses it) and prints
 * what does not fit. `node check-schema.js SCHEMA.json <cluster.yaml`; status 1 where something is off.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Keywords that say nothing about validity, among them eksctl's own. */
const notes =
  /^(description|default|title|examples|preferredOrder|x-.*|\$schema|definitions|format)$/;

const schema = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const faults = check(parse(readFileSync(0, 'utf8')), schema, '');
for (const fault of faults) console.error(fault);
process.exitCode = faults.length ? 1 : 0;

function check(value, rule, at) {
  return Object.keys(rule)
    .filter((keyword) => !notes.test(keyword))
    .flatMap((keyword) => {
      switch (keyword) {
        case '$ref':
          return check(value, schema.definitions[rule.$ref.replace('#/definitions/', '')], at);
        case 'type':
          return [rule.type].flat().some((type) => hasType(value, type))
            ? []
            : [`${at}: Expected ${rule.type} but found ${JSON.stringify(value)}`];
        case 'enum':
          return rule.enum.includes(value)
            ? []
            : [`${at}: Expected one of ${rule.enum.join(', ')} but found ${JSON.stringify(value)}`];
        case 'required':
          return rule.required
            .filter((name) => isObject(value) && !(name in value))
            .map((name) => `${at}: ${name} is missing`);
        case 'properties':
          return Object.entries(rule.properties)
            .filter(([name]) => isObject(value) && name in value)
            .flatMap(([name, property]) => check(value[name], property, `${at}/${name}`));
        case 'additionalProperties':
          return Object.keys(isObject(value) ? value : {})
            .filter((name) => !(name in (rule.properties ?? {})))
            .flatMap((name) =>
              rule.additionalProperties === false
                ? [`${at}: ${name} is unknown`]
                : check(value[name], rule.additionalProperties, `${at}/${name}`),
            );
        case 'items':
          return (Array.isArray(value) ? value : []).flatMap((item, index) =>
            check(item, rule.items, `${at}/${index}`),
          );
        case 'oneOf': {
          const fitting = rule.oneOf.filter((option) => !check(value, option, at).length);
          return fitting.length === 1 ? [] : [`${at}: fits ${fitting.length} of the forms allowed`];
        }
        default:
          // Rather than let pass what it does not understand.
          return [`${at}: the schema's keyword ${keyword} is not known to this check`];
      }
    });
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasType(value, type) {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}
