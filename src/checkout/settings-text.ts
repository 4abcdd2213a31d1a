// Room: checkout/. What the text of `.dockerfile-mod.yml` says. Apart from where it is found: the parser is loaded with the library.
import { parse } from 'yaml';
import type { RepositorySettings } from './types.ts';

/**
 * Reads it. It has one name: `enabled`. What is not understood is told, and where it may have been meant to switch the tool off, the
 * repository is left alone.
 */
export function readSettings(text: string): RepositorySettings {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0, logLevel: 'silent', uniqueKeys: false });
  } catch {
    return { enabled: 'no', unclear: ['it is no YAML'] };
  }
  if (value === null || value === undefined) return { enabled: 'yes', unclear: [] };
  if (typeof value !== 'object' || Array.isArray(value))
    return { enabled: 'no', unclear: ['it has no names; `enabled: false` is what it may say'] };
  const unclear: string[] = [];
  let enabled: RepositorySettings['enabled'] = 'yes';
  for (const [name, given] of Object.entries(value)) {
    const means = name === 'enabled' ? switchOf(given) : undefined;
    if (means === undefined)
      unclear.push(name === 'enabled' ? '`enabled` may be true or false' : `\`${name}\` is not known; \`enabled\` is`);
    // `enable: false`, `disabled: true`: a word of ours is missed by a letter.
    if (means === 'no' || (means === undefined && /^(?:en|dis)abled?$/i.test(name))) enabled = 'no';
  }
  return { enabled, unclear };
}

/** With the words that YAML 1.1 had for it. https://yaml.org/type/bool.html */
function switchOf(given: unknown): RepositorySettings['enabled'] | undefined {
  if (typeof given === 'boolean') return given ? 'yes' : 'no';
  const word = typeof given === 'string' ? given.toLowerCase() : '';
  return ['true', 'yes', 'on'].includes(word) ? 'yes' : ['false', 'no', 'off'].includes(word) ? 'no' : undefined;
}
