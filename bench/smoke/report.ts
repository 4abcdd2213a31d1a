// What stands in bench/results/smoke.md: every number comes from a run.
import os from 'node:os';
import { format } from 'prettier';
import type { Planned, Proven } from './rewrite.ts';

/** A rewrite that was built and asked. */
export interface Judged {
  failed?: string;
  size: number;
  seconds: number;
  /** What it does otherwise than the original. */
  differs: string[];
}
export interface Result {
  repository: string;
  dockerfile: string;
  kind: string;
  commit: string;
  /** The last lines, where the original does not build. */
  failed?: string;
  original?: { size: number; seconds: number; asked: number; notAsWritten: string[]; varies: string[] };
  offline?: Planned & { judged?: Judged };
  ladder?: Proven & { judged?: Judged };
}
export interface Results {
  engine: string;
  results: Result[];
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll(/\s+/g, ' ');

/** A page for people. In: what was run, and the whole list. */
export async function markdown({ engine, results }: Results, listed: readonly string[]): Promise<string> {
  const missing = listed.filter((name) => !results.some(({ repository }) => repository === name));
  const built = results.filter(({ original }) => original);
  const kept = built.filter(({ ladder }) => ladder?.judged);
  const same = kept.filter(({ ladder }) => ladder?.judged?.failed === undefined && ladder?.judged?.differs.length === 0);
  const split = results.filter(({ offline }) => offline?.outcome === 'split').length;
  const lines = [
    '# Public repositories, judged by requests that the ladder did not know',
    '',
    `Written by \`npm run bench:smoke\` on ${new Date().toISOString().slice(0, 10)} (${os.availableParallelism()} CPUs, Node ${process.version}, ${engine}). Nothing here is typed in.`,
    '',
    `${listed.length} repositories with one stage each, and for each what a person would do with the container (\`bench/smoke/repositories.yaml\`): written down before the tool was run on any of them. ${results.length} were run to their end${missing.length === 0 ? '' : `; not yet: ${missing.join(', ')}`}. ${built.length} build here. From sources alone ${split} are split. The ladder keeps a rewrite of ${kept.length}; of these, ${same.length} answer all requests as the original does.`,
    '',
    '| Repository | Original | From sources | Asked | By the ladder | Stands on | Seconds | Asked | Smaller |',
    '| --- | --: | --- | --- | --: | --- | --: | --- | --: |',
    ...results.map((one) => `| ${row(one).map(cell).join(' | ')} |`),
    '',
    'From sources: what the command line makes of the checkout without an engine. Stands on: the candidate of the ladder that is kept, and its base. Asked: whether the requests come out as with the original.',
    '',
    ...results.flatMap(more),
  ];
  return format(lines.join('\n'), { parser: 'markdown' });
}

const asked = (judged: Judged | undefined): string =>
  judged === undefined ? '' : judged.failed === undefined ? (judged.differs.length === 0 ? 'same' : '**differs**') : '**does not build**';

function row({ repository, kind, original, failed, offline, ladder }: Result): string[] {
  const name = `${repository} (${kind})`;
  const told =
    offline === undefined ? '' : `${offline.outcome}${offline.judged === undefined ? '' : `, ${megabytes(offline.judged.size)}`}`;
  if (!original) return [name, failed === undefined ? '' : 'does not build', told, '', '', '', '', '', ''];
  const stands = ladder?.steps.find(({ outcome }) => outcome === 'stands');
  const size = ladder?.judged?.size;
  return [
    name,
    megabytes(original.size),
    told,
    asked(offline?.judged),
    size === undefined ? (ladder?.outcome ?? '') : megabytes(size),
    stands ? `${stands.rung}${stands.base === undefined || stands.base === null ? '' : ` (${stands.base})`}` : '',
    ladder === undefined ? '' : `${Math.round(ladder.seconds)}`,
    asked(ladder?.judged),
    size === undefined ? '' : `−${Math.round(100 - (100 * size) / original.size)} %`,
  ];
}

/** What does not fit into a row. */
function more({ repository, original, failed, offline, ladder }: Result): string[] {
  const told = [
    ...(failed === undefined ? [] : ['The original does not build:', '', '```', failed, '```', '']),
    ...(original?.notAsWritten ?? []).map((one) => `- the original does not do as the sources made us expect: ${cell(one)}`),
    ...(original?.varies ?? []).map((one) => `- the original itself varies: ${cell(one)}`),
    ...(offline?.reasons ?? []).map((one) => `- from sources: ${cell(one)}`),
    ...(offline?.judged?.differs ?? []).map((one) => `- **rewrite from sources differs**: ${cell(one)}`),
    ...(offline?.judged?.failed === undefined
      ? []
      : ['- **rewrite from sources does not build**:', '', '```', offline.judged.failed, '```', '']),
    ...(ladder?.steps ?? [])
      .filter(({ outcome }) => outcome !== 'larger')
      .map(({ rung, outcome, base, check, reason, mended, assumed }) => {
        const why = [check ?? '', reason ?? '', mended.length === 0 ? '' : `mended: ${mended.join('; ')}`, ...assumed].filter(
          (text) => text !== '',
        );
        return `- ladder, ${rung}${base === undefined || base === null ? '' : ` on ${base}`}: ${outcome}${why.length === 0 ? '' : `; ${cell(why.join('; '))}`}`;
      }),
    ...(ladder?.problem ? [`- ladder: ${cell(ladder.problem)}`] : []),
    ...(ladder?.takenBack ?? []).map((one) => `- taken back: ${cell(one)}`),
    ...(ladder?.judged?.differs ?? []).map((one) => `- **rewrite of the ladder differs**: ${cell(one)}`),
    ...(ladder?.judged?.failed === undefined
      ? []
      : ['- **rewrite of the ladder does not build**:', '', '```', ladder.judged.failed, '```', '']),
  ];
  return told.length === 0 ? [] : [`## ${repository}`, '', ...told, ''];
}
