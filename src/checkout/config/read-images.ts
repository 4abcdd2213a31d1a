// Room: checkout/config. What a configuration says of images: mirrors, and replacements for bases. And the options of a campaign, which stand in the same file.
import { isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml';
import type { Replacement } from '../../types.ts';
import { most, type ConfigText, type Mirror, type Reading, type Said } from './fields.ts';
import { fixedTag, imagePattern, mirrorPattern, originPattern, taggedPattern } from './places.ts';

const isMirror = new RegExp(mirrorPattern);
const isOrigin = new RegExp(originPattern);
const isImage = new RegExp(imagePattern);
const isTagged = new RegExp(taggedPattern);
const isFixed = new RegExp(fixedTag);

/** Pairs of names in a map; each with the sentence that says what they should be. */
function named(
  node: unknown,
  expected: string,
  isRight: (key: string, value: string) => 'key' | 'value' | undefined,
  reading: Reading,
): { key: string; value: string; line: number }[] {
  if (!isMap(node)) return reading.wrong(node, expected) ?? [];
  return node.items.slice(0, most).flatMap((pair) => {
    const [key = '', value = ''] = [pair.key, pair.value].map((one) => (isScalar(one) && typeof one.value === 'string' ? one.value : ''));
    const bad = isRight(key, value);
    if (bad) return reading.wrong(pair[bad] ?? pair.key, expected) ?? [];
    return [{ key, value, line: reading.lineOf(pair.key) }];
  });
}

const mirrorsAre =
  '`mirrors` names registries and images, and what they are mirrors of: `registry.example.com/hub: docker.io`, `registry.example.com/nodejs:*: node:*`';

/** Registries and images that serve what others have, by their names in full. */
export function mirrorsOf(node: unknown, reading: Reading): Said<Mirror>[] {
  const wrong = (key: string, value: string) => (!isMirror.test(key) ? 'key' : !isOrigin.test(value) ? 'value' : undefined);
  return named(node, mirrorsAre, wrong, reading).map(({ key, value, line }) => ({
    value: { from: untagged(key), of: whole(value) },
    line,
  }));
}

const untagged = (name: string): string => name.replace(/:\*$/, '');

/** An image of Docker Hub by its name in full; a registry as it is. */
function whole(name: string): string {
  const image = untagged(name);
  const [first = '', ...others] = image.split('/');
  if (/[.:]/.test(first) || first === 'localhost') return image;
  return `docker.io/${others.length === 0 ? 'library/' : ''}${image}`;
}

const replacementsAre =
  '`replacements` names images, and what the last stage is to stand on in their place; the second has no `*` in its tag that the first has not: `node:*: registry.example.com/node:*`';

export function replacementsOf(node: unknown, reading: Reading): Said<Replacement>[] {
  const wrong = (key: string, value: string) => {
    if (!isImage.test(key)) return 'key';
    return !isTagged.test(value) || (value.includes('*') && isFixed.test(key)) ? 'value' : undefined;
  };
  return named(node, replacementsAre, wrong, reading).map(({ key, value, line }) => ({ value: { of: key, by: value }, line }));
}

/** The options of a campaign as they stand there. What they may be is for the campaign to say, which alone reads them. */
export function campaignOf(pair: Pair, reading: Reading): ConfigText['campaign'] {
  const { value: node } = pair;
  if (!isMap(node)) return reading.wrong(node ?? pair.key, '`campaign` has the options of a campaign, as campaign.yml');
  const lines = new Map<string, number>();
  const walk = (at: unknown, path: string): void => {
    if (isAlias(at)) reading.wrong(at, 'aliases are not read here: write the value out');
    const inner: [string, unknown, unknown][] = isMap(at)
      ? at.items.map((one) => [isScalar(one.key) ? String(one.key.value) : '', one.key, one.value])
      : isSeq(at)
        ? at.items.map((one, n) => [String(n), one, one])
        : [];
    for (const [name, key, value] of inner) {
      const below = path === '' ? name : `${path}.${name}`;
      lines.set(below, reading.lineOf(key));
      walk(value, below);
    }
  };
  walk(node, '');
  return { value: node.toJSON() as unknown, line: reading.lineOf(pair.key), lines };
}
