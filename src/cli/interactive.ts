// Room: cli/. `--interactive`: each change is shown with its reason, and made when the answer is yes, as `git add -p` asks.
import type { Found } from '../checkout/find.ts';
import type { Places } from '../checkout/locate.ts';
import { plan, type Planned, type PlanOptions } from '../checkout/plan.ts';
import { shareFiles } from '../checkout/share.ts';
import { coloured, plain, type Palette } from '../report/colour.ts';
import { plannedSteps, stepText, type PlannedStep } from '../report/steps.ts';
import { visible } from '../report/visible.ts';
import type { Flags } from './flags.ts';
import { colourOf } from './terminal.ts';
import type { UsageError, World } from './world.ts';

/** What is wrong with asking here; undefined: nothing. */
export function notAsking(paths: readonly string[], flags: Flags, world: World): UsageError | undefined {
  const other =
    (flags.check && '--check') ||
    (flags.verify && '--verify') ||
    (flags.printConfig && '--print-config') ||
    (flags.quiet && '--quiet') ||
    (flags.format !== 'pretty' && `--format ${flags.format}`) ||
    (paths.includes('-') && 'standard input (-)');
  if (other) return { usage: `--interactive asks on the terminal, and does not go with ${other}; nothing was written` };
  if (world.stdin.isTTY === true && world.stdout.isTTY === true) return undefined;
  return {
    usage: `--interactive asks, and there is no terminal to ask on; nothing was written\n  Without it: --dry-run shows what would change, --skip leaves transforms out.`,
  };
}

/** All that was answered so far. */
interface Answers {
  /** Changes, each by its file, its transform and its text: one that comes out differently is another one. */
  yes: Set<string>;
  /** Transforms whose changes are all wanted. */
  kinds: Set<string>;
  /** By file: transforms that are not wanted there. */
  no: Map<string, Set<string>>;
  hasQuit: boolean;
}

/**
 * Plans, and asks about each change. A no leaves its transform out of that file, and the file is planned again without it, never cut down; what
 * comes out differently then is asked about again. Out: the plans whose every change was said yes to; undefined: the terminal went away.
 */
export async function planAsked(
  found: readonly Found[],
  places: Places,
  how: PlanOptions,
  { flags, world }: { flags: Flags; world: World },
): Promise<{ all: Planned[]; asked: number } | undefined> {
  const answers: Answers = { yes: new Set(), kinds: new Set(), no: new Map(), hasQuit: false };
  const asker = askerOn(world, colourOf(world.stdout, world.env, flags) === 'always' ? coloured : plain);
  const planned = (one: Found): Planned => {
    const skip = [...(how.options.skip ?? []), ...(answers.no.get(one.real) ?? [])];
    return plan(one, places, { ...how, options: { ...how.options, skip, steps: true } });
  };
  try {
    for (;;) {
      const all = found.map(planned);
      shareFiles(all, places, how);
      let isFinal = true;
      for (const [n, one] of found.entries()) {
        const outcome = await settle(all[n] as Planned, () => planned(one), answers, asker);
        if (outcome === 'gone') return undefined;
        isFinal &&= outcome === 'as planned';
      }
      if (isFinal) return { all, asked: asker.count() };
    }
  } finally {
    await asker.close();
  }
}

/** Asks about one file until nothing in it is open. */
async function settle(
  first: Planned,
  again: () => Planned,
  answers: Answers,
  asker: Asker,
): Promise<'as planned' | 'planned again' | 'gone'> {
  let now = first;
  for (;;) {
    const steps = plannedSteps(now.report);
    const keyOf = ({ applied, patch }: PlannedStep): string => JSON.stringify([now.real, applied.transform, patch]);
    for (const step of steps) if (answers.kinds.has(step.applied.transform)) answers.yes.add(keyOf(step));
    const open = steps.filter((step) => !answers.yes.has(keyOf(step)));
    const [step] = open;
    if (!step) return now === first ? 'as planned' : 'planned again';
    const { transform } = step.applied;
    const answer = answers.hasQuit ? 'q' : await asker.ask(step, now, `${steps.indexOf(step) + 1}/${steps.length}`);
    if (answer === undefined) return 'gone';
    if (answer === 'y') answers.yes.add(keyOf(step));
    else if (answer === 'a') answers.kinds.add(transform);
    else {
      const refused = answer === 'q' ? open.map(({ applied }) => applied.transform) : [transform];
      answers.no.set(now.real, new Set([...(answers.no.get(now.real) ?? []), ...refused]));
      if (answer === 'q') answers.hasQuit = true;
      if (answer === 'q') answers.kinds.clear();
      now = again();
    }
  }
}

type Answer = 'y' | 'n' | 'a' | 'q';
interface Asker {
  /** Undefined: nobody answers any more. */
  ask(step: PlannedStep, planned: Planned, place: string): Promise<Answer | undefined>;
  count(): number;
  close(): Promise<void>;
}

const help = (id: string): string => `y - make this change
n - leave it out: the file is planned again without it, and what becomes different is asked about
a - make this change, and all of this kind (${id}) in this file and those that follow
q - quit: leave out this change and all that follow; what was said yes to is written
? - print this
Ctrl-C - end here; nothing is written
`;

function askerOn({ stdin, stdout }: World, palette: Palette): Asker {
  const lines = linesOf(stdin);
  const known = new Set<string>();
  let shown = '';
  let count = 0;
  const read = async (id: string, place: string): Promise<Answer | undefined> => {
    for (;;) {
      stdout.write(palette.bold(`(${place}) Make this change? [y,n,a,q,?] `));
      const line = await lines.next();
      if (line.done) return undefined;
      const [letter = ''] = line.value.trim().toLowerCase();
      if (letter === 'y' || letter === 'n' || letter === 'a' || letter === 'q') return letter;
      stdout.write(help(id));
    }
  };
  return {
    async ask(step, { report }, place) {
      const { transform } = step.applied;
      const before = JSON.stringify([report.path, transform]);
      if (report.path !== shown) stdout.write(`${count === 0 ? '' : '\n'}${palette.bold(visible(report.path))}\n`);
      if (known.has(before)) stdout.write(palette.yellow(`${transform} comes out differently now:\n`));
      known.add(before);
      shown = report.path;
      count += 1;
      stdout.write(stepText(step, report, palette));
      return read(transform, place);
    },
    count: () => count,
    close: async () => void (await lines.return(undefined)),
  };
}

/** The lines of a stream; the last one also without its line break. */
async function* linesOf(stream: World['stdin']): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
  return undefined;
}
