// Room: bulk/. The sections of a body, each as Markdown by name; templates of the campaign's owner use the same names.
import type { Core } from '../../checkout/types.ts';
import { isChanged, type FileReport } from '../../report/types.ts';
import { visible } from '../../report/visible.ts';
import type { Gain } from '../types.ts';
import { changeSection, checkLines, leftLines, type Detail } from './dockerfile-section.ts';
import type { CampaignOptions } from '../options.ts';
import { code, fenced, ownersLine, prose } from '../../report/neutral.ts';
import type { PullBodyInput } from './types.ts';

/** Dockerfiles that get a section of their own. */
const maxSections: Readonly<Record<Detail, number>> = { full: 60, short: 8, least: 0 };

/** Names that a template may use. `diff` is one too: it is filled in last, and gets the room that the others leave. */
export type Sections = Readonly<
  Record<
    | 'title'
    | 'repository'
    | 'campaign'
    | 'contact'
    | 'link'
    | 'version'
    | 'summary'
    | 'changes'
    | 'gain'
    | 'verified'
    | 'check'
    | 'left'
    | 'reproduce'
    | 'optout'
    | 'requests'
    | 'footer',
    string
  >
>;

/** The sections for one pull request, at one of three lengths. Pure. */
export function sectionsOf(input: PullBodyInput, title: string, outline: Core['outline'], detail: Detail): Sections {
  const { campaign, planned } = input;
  const changed = planned.reports.filter(isChanged);
  const { contact, link } = campaign.options.pull;
  return {
    title,
    repository: planned.ref ? code(`${planned.ref.owner}/${planned.ref.name}`) : code(planned.repo),
    campaign: code(campaign.options.id),
    contact: contact === undefined ? '' : ownersLine(contact),
    link: link === undefined ? '' : ownersLine(link),
    version: campaign.toolVersion,
    summary: summary(changed, input.verified),
    changes: changes(changed, outline, detail),
    gain: detail === 'least' ? '' : gainText(planned.gain),
    verified: detail === 'least' ? '' : verified(input.verified, changed),
    check: detail === 'least' ? '' : checks(changed),
    left: detail === 'full' ? left(planned.reports) : '',
    reproduce: detail === 'full' ? reproduce(input, changed) : '',
    optout: detail === 'least' ? '' : optOut(),
    requests: requestBoxes(),
    footer: footer(input),
  };
}

/** Our own text, for which no template was given. */
export const ownTemplate = [
  '{{summary}}',
  '{{changes}}',
  '{{gain}}',
  '{{check}}',
  '{{verified}}',
  '{{left}}',
  '{{diff}}',
  '{{reproduce}}',
  '{{optout}}',
  '{{requests}}',
  '---',
  '{{footer}}',
].join('\n\n');

function summary(changed: readonly FileReport[], verified: string | undefined): string {
  const ids = [...new Set(changed.flatMap((report) => report.result?.applied.map((one) => one.transform) ?? []))];
  const [first] = changed;
  const what = changed.length === 1 && first ? code(first.patchPath) : `${changed.length} Dockerfiles`;
  const proven =
    verified === undefined
      ? 'Only what the files of this repository prove is changed; nothing of the repository was executed to find it.'
      : 'Only what the files of this repository and the images that they build prove is changed; nothing of the repository was executed outside of containers to find it.';
  return `This rewrites ${what} (${ids.map(code).join(', ')}). ${proven}`;
}

function changes(changed: readonly FileReport[], outline: Core['outline'], detail: Detail): string {
  const shown = changed.slice(0, maxSections[detail]);
  const parts = shown.map((report) => changeSection(report, outline, detail));
  const hidden = changed.length - shown.length;
  if (hidden > 0 && shown.length > 0) parts.push(`And ${hidden} more Dockerfiles: see the changed files.`);
  return parts.join('\n\n');
}

/** A number is said only with where it comes from. */
function gainText(gain: Gain | undefined): string {
  if (!gain) return '';
  const isEstimated = gain.kind === 'estimated';
  const size = pair(gain.imageBefore, gain.imageAfter, isEstimated ? about : megabytes);
  const rebuild = pair(gain.rebuildBefore, gain.rebuildAfter, (seconds) => `${seconds.toFixed(1)} s`);
  const rows = [
    ...(size === undefined ? [] : [`- ${isEstimated ? 'Base image' : 'Image'}: ${size}`]),
    ...(rebuild === undefined ? [] : [`- Rebuild after an edit of a source: ${rebuild}`]),
  ];
  if (rows.length === 0) return '';
  return [`### Gain (${gain.kind})`, rows.join('\n'), prose(gain.how)].join('\n\n');
}

function pair(before: number | undefined, after: number | undefined, shown: (value: number) => string): string | undefined {
  if (before === undefined || after === undefined || !(before > 0) || !Number.isFinite(after)) return undefined;
  const percent = Math.round(((after - before) / before) * 100);
  const change = after === 0 ? '' : ` (${percent > 0 ? '+' : ''}${percent} %)`;
  return `${shown(before)} → ${shown(after)}${change}`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;

/** scratch is empty. */
const about = (bytes: number): string => (bytes === 0 ? 'nothing' : `about ${megabytes(bytes)}`);

function verified(text: string | undefined, changed: readonly FileReport[]): string {
  const paths = changed.slice(0, 5).map((report) => shellWord(report.patchPath));
  const command = code(`dockerfile-mod verify ${paths.join(' ')}`);
  if (text === undefined)
    return ['### Not verified', `Nothing was built for this pull request. ${command} builds both versions and compares what they do.`].join(
      '\n\n',
    );
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 40);
  return ['### Verified', lines.map((line) => `- ${prose(line.replace(/^\s*[-*]\s+/, ''))}`).join('\n')].join('\n\n');
}

function checks(changed: readonly FileReport[]): string {
  const lines = changed.flatMap((report) => checkLines(report, changed.length));
  if (lines.length === 0) return '';
  return ['### Check this', [...lines.slice(0, 60), ...(lines.length > 60 ? [`- and ${lines.length - 60} more`] : [])].join('\n')].join(
    '\n\n',
  );
}

function left(reports: readonly FileReport[]): string {
  const lines = reports.flatMap(leftLines);
  if (lines.length === 0) return '';
  const shown = [...lines.slice(0, 80), ...(lines.length > 80 ? [`- and ${lines.length - 80} more`] : [])];
  return details(`Left as it was, with what would allow it (${lines.length})`, shown.join('\n'));
}

/** What a person can open. The title is ours and plain. */
export const details = (title: string, content: string): string => `<details>\n<summary>${title}</summary>\n\n${content}\n\n</details>`;

function reproduce({ campaign, planned }: PullBodyInput, changed: readonly FileReport[]): string {
  const { level, base, only, skip } = campaign.options.refactor;
  const flags = [
    ...(level === undefined ? [] : ['--level', level]),
    ...(base === undefined ? [] : ['--base', base]),
    ...(only === undefined ? [] : ['--only', only.join(',')]),
    ...(skip === undefined || skip.length === 0 ? [] : ['--skip', skip.join(',')]),
    ...proving(campaign.options.verify),
  ];
  const paths = changed.slice(0, 20).map((report) => shellWord(report.patchPath));
  const commands = [
    `git checkout ${shellWord(planned.base.sha)}`,
    // Without a version and a registry: a campaign may be made by a build that no registry has.
    ['dockerfile-mod', '--explain', '--dry-run', ...flags.map(shellWord), '--', ...paths].join(' '),
  ];
  return details('How to reproduce this', `With dockerfile-mod ${campaign.toolVersion}:\n\n${fenced(commands.join('\n'), 'sh')}`);
}

/** The flags by which a campaign that verifies does it. */
function proving(verify: CampaignOptions['verify']): string[] {
  if (!verify) return [];
  const { prove } = verify;
  return ['--verify', ...(prove === 'smallest' ? ['--smallest'] : prove === undefined ? [] : ['--prove', prove])];
}

/** One word of a POSIX shell, on one line. */
function shellWord(path: string): string {
  const text = visible(path);
  return /^[\w./,:=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function optOut(): string {
  return details(
    'How to opt out',
    [
      '- Close this pull request: it is not opened again.',
      '- A comment `# dockerfile-mod: off` in a Dockerfile leaves that file alone from then on.',
      '- `# dockerfile-mod: skip=non-root-user,base-slim` leaves out these changes for that file.',
      '- A file `.dockerfile-mod.yml` at the root with `enabled: false` leaves the whole repository alone.',
    ].join('\n'),
  );
}

/** Boxes that are read at the next run; the comments name them. */
function requestBoxes(): string {
  return [
    '- [ ] <!-- dockerfile-mod:rebase --> Rebase: write the branch again on the newest base.',
    '- [ ] <!-- dockerfile-mod:hand-back --> Hand back: drop the commits that were added to this branch, and write it again.',
    '- [ ] <!-- dockerfile-mod:stop --> Stop: leave this pull request alone.',
  ].join('\n');
}

function footer({ campaign }: PullBodyInput): string {
  const { id, pull } = campaign.options;
  const parts = [
    `Campaign ${code(id)}`,
    ...(pull.contact === undefined ? [] : [`run by ${ownersLine(pull.contact)}`]),
    ...(pull.link === undefined ? [] : [ownersLine(pull.link)]),
    `dockerfile-mod ${campaign.toolVersion}`,
  ];
  return `<sub>${parts.join(' · ')}. The boxes are read at the next run; commits that you push to this branch stay unless you tick *Hand back*.</sub>`;
}
