#!/usr/bin/env node
/**
 * Checks and tests the alerting and recording rules, and parses what the dashboard asks, with
 * promtool (from PATH, or PROMTOOL). Without promtool it says "skipped" and succeeds.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const here = fileURLToPath(new URL('.', import.meta.url));
const promtool = process.env.PROMTOOL ?? 'promtool';

/** What stands for Grafana's variables where only the grammar counts. */
const variables = [
  [/\$__rate_interval|\$__interval/g, '5m'],
  [/\$\w+/g, 'any'],
];

/** Each expression of the dashboard as a recording rule, which is what promtool parses. */
function dashboardRules(dashboard) {
  const rules = dashboard.panels
    .flatMap((panel) => panel.targets ?? [])
    .map(({ expr }, index) => ({
      record: `panel:${index}`,
      expr: variables.reduce((text, [pattern, value]) => text.replace(pattern, value), expr),
    }));
  return { groups: [{ name: 'dashboard', rules }] };
}

/** What the tests leave open: each alert has to be seen to fire, and to be quiet. */
function untested(rules, tests) {
  const alerts = rules.groups.flatMap((group) => group.rules.flatMap(({ alert }) => alert ?? []));
  const cases = tests.flatMap((file) => file.tests.map(({ name }) => name));
  return alerts.flatMap((alert) => {
    const own = cases.filter((name) => name.startsWith(`${alert} `));
    const quiet = own.filter((name) => name.startsWith(`${alert} is quiet`));
    return [
      ...(own.length > quiet.length ? [] : [`when ${alert} fires`]),
      ...(quiet.length > 0 ? [] : [`when ${alert} is quiet`]),
    ];
  });
}

function run(...args) {
  const { status, error } = spawnSync(promtool, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exitCode = 1;
}

if (spawnSync(promtool, ['--version']).error) {
  console.log(`skipped: ${promtool} cannot be run; the rules were not checked`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    const { spec } = parse(readFileSync(join(here, 'rules.yaml'), 'utf8'));
    const files = readdirSync(join(here, 'tests')).filter((name) => name.endsWith('.yaml'));
    const tests = files.map((name) => parse(readFileSync(join(here, 'tests', name), 'utf8')));
    const dashboard = JSON.parse(readFileSync(join(here, 'gateway.json'), 'utf8'));

    cpSync(join(here, 'tests'), folder, { recursive: true });
    writeFileSync(join(folder, 'rules.yaml'), stringify(spec));
    writeFileSync(join(folder, 'dashboard.yaml'), stringify(dashboardRules(dashboard)));

    run('check', 'rules', '--lint=all', join(folder, 'rules.yaml'));
    run('check', 'rules', join(folder, 'dashboard.yaml'));
    run('test', 'rules', ...files.map((name) => join(folder, name)));
    for (const fact of untested(spec, tests)) {
      console.error(`no test states: ${fact}`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
