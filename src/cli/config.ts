// Room: cli/. `--print-config`: what holds for a Dockerfile and where it comes from. `init`: the file that says it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { effectiveConfig, type Effective, type Setting } from '../checkout/config/effective.ts';
import { configAt, configNames } from '../checkout/config/files.ts';
import { ruleFields, type Field } from '../checkout/config/fields.ts';
import { findDockerfiles } from '../checkout/find.ts';
import { rootOf, type Places } from '../checkout/locate.ts';
import { codeOf, reasonOf, shown } from '../checkout/paths.ts';
import { visible } from '../report/visible.ts';
import type { Flags } from './flags.ts';
import { ready } from './ready.ts';
import { tellProblem, wrongFormat } from './tell.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from './world.ts';

/** Prints what holds for each Dockerfile of the paths. Nothing is refactored. Exit code 2 when a configuration is wrong. */
export async function printConfig(paths: readonly string[], flags: Flags, world: World): Promise<ExitCode | UsageError> {
  const misused = wrongFormat(flags, '--print-config');
  if (misused) return misused;
  const prepared = await ready(flags, world);
  if (isUsageError(prepared)) return prepared;
  const { places } = prepared;
  const { found, problems } = findDockerfiles(paths, world.cwd);
  const told = found.map((one) => {
    const config = effectiveConfig({ path: one.real, root: rootOf(one, places.disk), cwd: world.cwd }, places);
    return { path: one.path, config, rows: rowsOf(config, flags, places, world.cwd) };
  });
  const wrong = [...problems, ...told.flatMap(({ config }) => config.problems)];
  for (const problem of wrong) tellProblem(problem, flags, world);
  if (flags.format === 'json') {
    const files = told.map(({ path, rows }) => ({
      path,
      ...Object.fromEntries(rows.map(([name, value, from]) => [name, { value, from }])),
    }));
    world.stdout.write(`${JSON.stringify(files, undefined, 2)}\n`);
  } else for (const { path, rows } of told) world.stdout.write(textOf(path, rows));
  return wrong.length > 0 ? 2 : 0;
}

type Row = [name: string, value: unknown, from: string];

function rowsOf(config: Effective, flags: Flags, places: Places, cwd: string): Row[] {
  const flag = (name: 'level' | 'base' | 'only'): Row => {
    const given = flags[name];
    const said: Setting<unknown> | undefined = config[name];
    if (given !== undefined) return [name, given, `--${name}`];
    const field: Field = ruleFields[name];
    return [name, said?.value ?? ('preset' in field ? field.preset : 'all'), said?.from ?? 'preset'];
  };
  const skip = [...config.skip, ...(flags.skip ?? []).map((value) => ({ value, from: '--skip' }))];
  const context = places.context === undefined ? config.context : { value: places.context, from: '--context' };
  return [
    ['enabled', config.enabled?.value ?? true, config.enabled?.from ?? 'preset'],
    flag('level'),
    flag('base'),
    flag('only'),
    ['skip', skip.map(({ value }) => value), [...new Set(skip.map(({ from }) => from))].join(', ') || 'preset'],
    ['context', context === undefined ? 'found' : shown(cwd, context.value), context?.from ?? 'compose files and the layout'],
    ...listed(
      'mirrors',
      config.mirrors.map(({ value, from }) => ({ value: `${value.from}: ${value.of}`, from })),
      flags,
    ),
    ...listed(
      'replacements',
      config.replacements.map(({ value, from }) => ({ value: `${value.of}: ${value.by}`, from })),
      flags,
    ),
  ];
}

/** A line for each; in JSON one name with all of them, each with its place. */
function listed(name: string, all: readonly Setting<string>[], { format }: Flags): Row[] {
  if (format !== 'json') return all.map(({ value, from }): Row => [name, value, from]);
  return all.length === 0 ? [] : [[name, all.map(({ value }) => value), all.map(({ from }) => from).join(', ')]];
}

function textOf(path: string, rows: readonly Row[]): string {
  const texts = rows.map(
    ([name, value, from]) => [`${name}: ${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`, from] as const,
  );
  const width = Math.max(...texts.map(([text]) => text.length));
  return `${visible(path)}\n${texts.map(([text, from]) => `  ${visible(text).padEnd(width)}  # ${visible(from)}\n`).join('')}`;
}

/** Writes a configuration with what the flags say, and with all that it may say as comments. With --dry-run it is printed. */
export async function initConfig(flags: Flags, world: World): Promise<ExitCode | UsageError> {
  const prepared = await ready(flags, world);
  if (isUsageError(prepared)) return prepared;
  const { places } = prepared;
  const text = configText(
    flags,
    places.core.listTransforms().map(({ id }) => id),
  );
  if (flags.dryRun || flags.check) {
    world.stdout.write(text);
    return 0;
  }
  const root = rootOf({ real: join(world.cwd, 'Dockerfile'), given: world.cwd, path: 'Dockerfile' }, places.disk);
  const there = configAt(root, places.disk, places.core);
  if (there) return { usage: `${shown(world.cwd, there.path)} is there already; nothing was written` };
  const at = join(root, configNames[0]);
  try {
    writeFileSync(at, text, { flag: 'wx' });
  } catch (error) {
    return { usage: `${shown(world.cwd, at)}: ${reasonOf(error) || codeOf(error)}` };
  }
  if (!flags.quiet)
    world.stdout.write(`wrote ${shown(world.cwd, at)}; dockerfile-mod --print-config DOCKERFILE shows what holds for a Dockerfile\n`);
  return 0;
}

function configText(flags: Flags, ids: readonly string[]): string {
  const given: Readonly<Record<string, string | undefined>> = {
    level: flags.level,
    base: flags.base,
    only: flags.only && `[${flags.only.join(', ')}]`,
    skip: flags.skip && `[${flags.skip.join(', ')}]`,
    context: flags.context,
  };
  const parts = Object.entries(ruleFields).map(([name, field]: [string, Field]) => {
    const value = given[name];
    const may = field.kind === 'choice' ? ` One of ${field.values.join(', ')}.` : '';
    const preset = field.kind === 'switch' ? 'true' : field.kind === 'choice' ? field.preset : field.kind === 'ids' ? '[]' : '.';
    return `# ${field.says}${may}\n${value === undefined ? `# ${name}: ${name === 'only' ? `[${ids.slice(0, 2).join(', ')}]` : preset}` : `${name}: ${value}`}\n`;
  });
  return `# Configuration of dockerfile-mod, for this directory and all below it.
# What a flag says counts more. dockerfile-mod --print-config DOCKERFILE shows what holds, and where it comes from.

${parts.join('\n')}
# Rules for some paths; later ones count more.
# overrides:
#   - paths: ['services/legacy/**']
#     enabled: false

# Registries of your own that serve what others have, and single images: they are known as those of the others.
# mirrors:
#   registry.example.com/hub: docker.io
#   registry.example.com/nodejs:*: node:*

# Images for the last stage in place of others, where \`mirrors\` says that both hold the same.
# replacements:
#   node:*: registry.example.com/nodejs:*

# Options of a campaign, for bulk.
# campaign:
#   id: slim

# Files of this repository whose rules hold before these.
# extends: ../shared/dockerfile-mod.yml

# Transforms: ${ids.join(', ')}
`;
}
